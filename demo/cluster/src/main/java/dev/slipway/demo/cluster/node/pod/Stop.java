package dev.slipway.demo.cluster.node.pod;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The wish that a pod ends, which all that waits for something else also waits for. */
final class Stop {
  private final CountDownLatch wanted = new CountDownLatch(1);
  private volatile Duration grace = Duration.ofSeconds(30);

  /** The first wish counts, but a later one may shorten the time. */
  synchronized void ask(Duration time) {
    if (!isAsked() || time.compareTo(grace) < 0) {
      grace = time;
    }
    wanted.countDown();
  }

  boolean isAsked() {
    return wanted.getCount() == 0;
  }

  /** How long a container has between SIGTERM and SIGKILL. */
  Duration grace() {
    return grace;
  }

  void await() throws InterruptedException {
    wanted.await();
  }

  /** Waits at most so long; true when the pod shall end. */
  boolean isAskedWithin(Duration time) throws InterruptedException {
    return wanted.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }
}
