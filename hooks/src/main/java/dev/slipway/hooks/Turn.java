package dev.slipway.hooks;

import dev.slipway.hooks.report.PushScreen;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** Lets one deploying push of a Remote go on at a time, in the order of their coming. */
final class Turn {
  private final Semaphore turn = new Semaphore(1, true);
  private volatile String holder = "";

  /** The right to deploy, until it is given back. */
  final class Held implements AutoCloseable {
    private final AtomicBoolean given = new AtomicBoolean();

    @Override
    public void close() {
      if (given.compareAndSet(false, true)) {
        turn.release();
      }
    }
  }

  /**
   * Waits for the turn and takes it.
   *
   * @param who is told to those who wait behind
   */
  Held take(String who, PushScreen screen) throws InterruptedException {
    if (!turn.tryAcquire()) {
      String ahead = holder;
      screen.phase("Waiting for the push of %s to end".formatted(ahead));
      screen.waitingFor("turn", "the push of %s to end".formatted(ahead));
      try {
        turn.acquire();
      } finally {
        screen.arrived("turn");
      }
    }
    holder = who;
    return new Held();
  }
}
