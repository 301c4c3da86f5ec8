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

  /**
   * What there is to do.
   *
   * @param makeRoom delete all that can go, also former values of refs and what only they lead to
   * @param merge make few packs of many
   */
  record Work(boolean makeRoom, boolean merge) {
    boolean isNothing() {
      return !makeRoom && !merge;
    }
  }

  /**
   * Decides.
   *
   * @param present packs that lie there
   * @param free bytes on the volume
   */
  Work decide(int present, long free, Instant now) {
    return new Work(isShort(free), present >= packs && !now.isBefore(nextRun));
  }

  /**
   * How much of the free space may be taken for a while: the reserve is for pushes that go on
   * meanwhile, unless there is none left anyway.
   */
  long room(long free) {
    return isShort(free) ? free : free - reserve.getAsLong();
  }

  private boolean isShort(long free) {
    return free < 2 * reserve.getAsLong();
  }

  void ran(Instant now) {
    nextRun = now.plus(pause);
  }

  Duration reflogAge() {
    return reflogAge;
  }
}
