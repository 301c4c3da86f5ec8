package dev.slipway.demo.cluster.api.storage;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The changes of one or all resources in order, as one reader takes them. */
public final class ChangeFeed implements AutoCloseable {
  private final Store store;
  private final BlockingQueue<Change> waiting;

  ChangeFeed(Store store, List<Change> replay) {
    this.store = store;
    this.waiting = new LinkedBlockingQueue<>(replay);
  }

  void offer(Change change) {
    waiting.add(change);
  }

  /** The next change, or null when none comes within the time. */
  public @Nullable Change next(Duration atMost) throws InterruptedException {
    return waiting.poll(Math.max(0, atMost.toMillis()), TimeUnit.MILLISECONDS);
  }

  /** The next change, however long it takes. */
  public Change next() throws InterruptedException {
    return waiting.take();
  }

  @Override
  public void close() {
    store.unsubscribe(this);
  }
}
