package dev.slipway.demo.cluster.api.fault;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A fault that can strike until it is closed. */
public final class Fault implements AutoCloseable {
  private final Requests requests;
  private final Effect effect;
  private final Runnable atEnd;
  private final CountDownLatch removed = new CountDownLatch(1);
  private final Set<Object> struck = new HashSet<>();

  Fault(Requests requests, Effect effect, Runnable atEnd) {
    this.requests = requests;
    this.effect = effect;
    this.atEnd = atEnd;
  }

  /** How many requests or streams it has struck so far. */
  public int hits() {
    synchronized (struck) {
      return struck.size();
    }
  }

  /** The API is well again; requests that wait for this go on. */
  @Override
  public void close() {
    if (removed.getCount() > 0) {
      removed.countDown();
      atEnd.run();
    }
  }

  Effect effect() {
    return effect;
  }

  /** Whether it strikes this one, which counts once however often it is asked. */
  boolean strikes(Requests.Subject subject, Object identity) {
    if (removed.getCount() == 0 || !requests.cover(subject)) {
      return false;
    }
    synchronized (struck) {
      return struck.contains(identity)
          || (struck.size() < requests.times() && struck.add(identity));
    }
  }

  void awaitRemoval() throws InterruptedException {
    removed.await();
  }

  void awaitRemoval(Duration atMost) throws InterruptedException {
    var ignored = removed.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }
}
