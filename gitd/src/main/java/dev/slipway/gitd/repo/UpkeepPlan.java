package dev.slipway.gitd.repo;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/** Decides when the repository is worth repacking. */
public final class UpkeepPlan {
  private final int packs;
  private final Duration pause;
  private final Duration reflogAge;
  private final LongSupplier reserve;
  private Instant nextRun = Instant.EPOCH;

  /**
   * @param packs how many may lie there; a push brings one
   * @param pause the least time between two runs, unless room is short
   * @param reflogAge how long former values of refs keep their objects, unless room is short
   * @param reserve free space that is to be kept on the volume, in bytes
   */
  public UpkeepPlan(int packs, Duration pause, Duration reflogAge, LongSupplier reserve) {
    this.packs = packs;
    this.pause = pause;
    this.reflogAge = reflogAge;
    this.reserve = reserve;
  }

  /** Seldom enough to go unnoticed; git too forgets reflogs after 30 days. */
  public static UpkeepPlan keeping(LongSupplier reserve) {
    return new UpkeepPlan(20, Duration.ofMinutes(10), Duration.ofDays(30), reserve);
  }

  /** What there is to do. */
  enum Decision {
    NOTHING,
    REPACK,
    /** Also forget former values of refs, and the objects that only they lead to. */
    REPACK_WITHOUT_REFLOGS,
    /** It would be worth it, and the new packs would not fit beside the old ones. */
    NO_ROOM
  }

  Decision decide(int present, long packBytes, long free, Instant now) {
    boolean shortOfRoom = free < 2 * reserve.getAsLong();
    boolean due = present >= packs && !now.isBefore(nextRun);
    if (!shortOfRoom && !due) {
      return Decision.NOTHING;
    }
    // What is kept free is for the pushes that go on meanwhile, unless there is none left anyway.
    if (packBytes > (shortOfRoom ? free : free - reserve.getAsLong())) {
      return Decision.NO_ROOM;
    }
    return shortOfRoom ? Decision.REPACK_WITHOUT_REFLOGS : Decision.REPACK;
  }

  void ran(Instant now) {
    nextRun = now.plus(pause);
  }

  Duration reflogAge() {
    return reflogAge;
  }
}
