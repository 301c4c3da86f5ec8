package dev.slipway.demo.cluster.control.loop;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a worker look at keys, never twice at the same key at the same time: requests that come while
 * a key is being looked at become one more look, and a look that failed is repeated later and
 * later.
 */
public final class WorkQueue implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WorkQueue.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(10);
  private static final Duration LAST_RETRY = Duration.ofMinutes(1);

  /** Brings one object closer to what it should be. */
  @FunctionalInterface
  public interface Worker {
    /**
     * Looks at one object, which may be gone by now.
     *
     * @return when to look again although nothing changed; empty for not at all
     */
    Optional<Duration> look(Key key) throws Exception;
  }

  private enum Look {
    RUNNING,
    WANTED_AGAIN
  }

  private record Alarm(long dueNanos, ScheduledFuture<?> future) {}

  private final String name;
  private final Worker worker;
  private final Semaphore slots;
  private final Map<Key, Look> looks = new ConcurrentHashMap<>();
  private final Map<Key, Integer> failures = new ConcurrentHashMap<>();
  private final Map<Key, Alarm> alarms = new ConcurrentHashMap<>();
  private final ExecutorService threads;
  private final ScheduledExecutorService clock;

  /**
   * Waits for requests.
   *
   * @param parallel how many keys are looked at at the same time
   */
  public WorkQueue(String name, int parallel, Worker worker) {
    this.name = name;
    this.worker = worker;
    this.slots = new Semaphore(parallel);
    this.threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(name + "-", 0).factory());
    this.clock =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name(name + "-clock").factory());
  }

  /** Has the key looked at as soon as possible. */
  public void request(Key key) {
    var look = looks.compute(key, (_, before) -> before == null ? Look.RUNNING : Look.WANTED_AGAIN);
    if (look == Look.RUNNING) {
      try {
        threads.execute(() -> run(key));
      } catch (RejectedExecutionException e) {
        looks.remove(key); // closed meanwhile
      }
    }
  }

  /** Has the key looked at after a while, unless an earlier look is arranged already. */
  public void requestAfter(Key key, Duration delay) {
    long due = System.nanoTime() + delay.toNanos();
    alarms.compute(
        key,
        (_, before) -> {
          if (before != null && !before.future.isDone() && before.dueNanos - due <= 0) {
            return before;
          }
          if (before != null) {
            before.future.cancel(false);
          }
          return arrange(key, delay, due);
        });
  }

  /** Has the key looked at after a while, in the place of a look that is arranged already. */
  public void postpone(Key key, Duration delay) {
    alarms.compute(
        key,
        (_, before) -> {
          if (before != null) {
            before.future.cancel(false);
          }
          return arrange(key, delay, System.nanoTime() + delay.toNanos());
        });
  }

  private @Nullable Alarm arrange(Key key, Duration delay, long due) {
    try {
      var future =
          clock.schedule(
              () -> {
                alarms.computeIfPresent(key, (_, alarm) -> alarm.dueNanos == due ? null : alarm);
                request(key);
              },
              delay.toNanos(),
              TimeUnit.NANOSECONDS);
      return new Alarm(due, future);
    } catch (RejectedExecutionException e) {
      return null; // closed meanwhile
    }
  }

  private void run(Key key) {
    do {
      try {
        slots.acquire();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      try {
        look(key);
      } finally {
        slots.release();
      }
    } while (looks.computeIfPresent(
            key, (_, look) -> look == Look.WANTED_AGAIN ? Look.RUNNING : null)
        != null);
  }

  private void look(Key key) {
    try {
      var again = worker.look(key);
      failures.remove(key);
      again.ifPresent(delay -> requestAfter(key, delay));
    } catch (Exception e) {
      if (threads.isShutdown()) {
        return;
      }
      int failed = failures.merge(key, 1, Integer::sum);
      tell(key, failed, e);
      requestAfter(key, retryAfter(failed));
    }
  }

  private void tell(Key key, int failed, Exception e) {
    if (e instanceof KubernetesClientException refused
        && (refused.getCode() == HttpURLConnection.HTTP_CONFLICT
            || refused.getCode() == HttpURLConnection.HTTP_FORBIDDEN
            || refused.getCode() == HttpURLConnection.HTTP_NOT_FOUND)) {
      // Ordinary: somebody else wrote first, the API admits no pod, or the object went away.
      log.debug("{} will look at {} again: {}", name, key, refused.getMessage());
    } else {
      log.warn("{} failed for {} ({} times running)", name, key, failed, e);
    }
  }

  static Duration retryAfter(int failed) {
    var delay = FIRST_RETRY.multipliedBy(1L << Math.min(failed - 1, 20));
    return delay.compareTo(LAST_RETRY) < 0 ? delay : LAST_RETRY;
  }

  /** Ends all looks; requests from now on are ignored. */
  @Override
  public void close() {
    clock.shutdownNow();
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
        log.warn("{} is still busy", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
