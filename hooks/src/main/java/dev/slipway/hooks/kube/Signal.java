package dev.slipway.hooks.kube;

import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes the one who waits for a change of some objects. */
public final class Signal {
  private final Semaphore changes = new Semaphore(0);

  /** A handler that gives the signal at every change. */
  public <T> ResourceEventHandler<T> handler() {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(T object) {
        changes.release();
      }

      @Override
      public void onUpdate(T before, T after) {
        changes.release();
      }

      @Override
      public void onDelete(T object, boolean unknown) {
        changes.release();
      }
    };
  }

  /** Waits for a change since the last call, but not longer than {@code limit}. */
  public void await(Duration limit) throws InterruptedException {
    if (changes.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      changes.drainPermits();
    }
  }
}
