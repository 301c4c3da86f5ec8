package dev.slipway.gitd.health;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * SIGTERM. The JVM ends when its shutdown hooks have, and this one waits until the process has
 * ended in order and closes it. No interrupt, which libraries on the way would swallow.
 */
public final class Termination implements AutoCloseable {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);

  private Termination() {}

  /** Listens from now on; to be closed after all else. */
  public static Termination listen() {
    Termination termination = new Termination();
    Runnable end =
        () -> {
          termination.asked.countDown();
          try {
            termination.over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(end));
    return termination;
  }

  /** Whether the process shall end. */
  public boolean isAsked() {
    return asked.getCount() == 0;
  }

  /** Waits until the process shall end. */
  public void await() throws InterruptedException {
    asked.await();
  }

  /**
   * Waits until the process shall end, for a while.
   *
   * @return whether it shall
   */
  public boolean await(Duration limit) throws InterruptedException {
    return asked.await(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Lets the JVM end. */
  @Override
  public void close() {
    over.countDown();
  }
}
