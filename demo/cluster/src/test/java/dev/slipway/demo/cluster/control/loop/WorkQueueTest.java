package dev.slipway.demo.cluster.control.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkQueueTest {
  private static final Key KEY = new Key("shop", "web");

  @Test
  void makesOneLookOfRequestsThatComeDuringALook() throws Exception {
    var looks = new AtomicInteger();
    var begun = new CountDownLatch(1);
    var mayEnd = new CountDownLatch(1);
    try (var queue =
        new WorkQueue(
            "test",
            1,
            _ -> {
              looks.incrementAndGet();
              begun.countDown();
              mayEnd.await();
              return Optional.empty();
            })) {
      queue.request(KEY);
      begun.await();
      for (int i = 0; i < 100; i++) {
        queue.request(KEY);
      }
      mayEnd.countDown();

      await().until(() -> looks.get() == 2);
      queue.request(KEY);
      await().until(() -> looks.get() == 3);
    }
  }

  @Test
  void looksAgainAfterAFailure() {
    var looks = new AtomicInteger();
    try (var queue =
        new WorkQueue(
            "test",
            1,
            _ -> {
              if (looks.incrementAndGet() < 3) {
                throw new IllegalStateException("on purpose");
              }
              return Optional.empty();
            })) {
      queue.request(KEY);

      await().until(() -> looks.get() == 3);
    }
  }

  @Test
  void waitsLongerAfterEachFailureAndNeverLongerThanAMinute() {
    assertThat(WorkQueue.retryAfter(1)).isEqualTo(Duration.ofMillis(10));
    assertThat(WorkQueue.retryAfter(4)).isEqualTo(Duration.ofMillis(80));
    assertThat(WorkQueue.retryAfter(1000)).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void doesNotLookBeforeWhatALookWasPostponedTo() throws Exception {
    var other = new Key("shop", "other");
    var seen = new LinkedBlockingQueue<Key>();
    try (var queue =
        new WorkQueue(
            "test",
            1,
            key -> {
              seen.add(key);
              return Optional.empty();
            })) {
      queue.requestAfter(KEY, Duration.ofMillis(50));
      queue.postpone(KEY, Duration.ofHours(1));
      queue.requestAfter(other, Duration.ofMillis(200));

      assertThat(seen.take()).isEqualTo(other);
    }
  }

  @Test
  void looksAgainWhenTheWorkerAskedForIt() {
    var looks = new AtomicInteger();
    try (var queue =
        new WorkQueue(
            "test",
            1,
            _ ->
                looks.incrementAndGet() == 1
                    ? Optional.of(Duration.ofMillis(5))
                    : Optional.empty())) {
      queue.request(KEY);

      await().until(() -> looks.get() == 2);
    }
  }
}
