package dev.slipway.gitd;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waits for what has to come, so long that a busy machine is no reason to fail. */
public final class Eventually {
  public static final Duration LIMIT = Duration.ofMinutes(2);

  private Eventually() {}

  public static ConditionFactory await() {
    // Awaitility would fail for an exception in any thread, such as one of a server that another
    // test has just closed.
    return Awaitility.await().dontCatchUncaughtExceptions().atMost(LIMIT);
  }

  public static void passes(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
  }

  public static <T> T get(Future<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The exit code of a process that has to end. */
  public static int exit(Process process) throws InterruptedException {
    assertThat(process.waitFor(LIMIT)).as("%s has ended", process.info()).isTrue();
    return process.exitValue();
  }
}
