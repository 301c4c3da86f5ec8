package dev.slipway.hooks.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes from the cluster what a push has left there, for as long as it takes: the API server may
 * be away just then. What is not removed when gitd stops, it sweeps when it starts.
 */
public final class Leftovers {
  private static final Logger log = LoggerFactory.getLogger(Leftovers.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** About a day; by then Kubernetes has removed the Jobs by itself. */
  private static final int TRIES = 24 * 60;

  /**
   * Removes it now, also when the thread is interrupted. If that fails, it is tried again in the
   * background.
   *
   * @param what for the log
   * @param removal does nothing when it is gone already
   */
  public void remove(String what, Undo.Action removal) {
    Undo.run(
        () -> {
          if (!isRemoved(what, removal)) {
            Thread.ofVirtual().name("leftovers").start(() -> keepTrying(what, removal));
          }
        });
  }

  private static void keepTrying(String what, Undo.Action removal) {
    Duration pause = FIRST_PAUSE;
    try {
      for (int i = 0; i < TRIES; i++) {
        Thread.sleep(pause);
        if (isRemoved(what, removal)) {
          log.info("Removed {} at last", what);
          return;
        }
        Duration next = pause.multipliedBy(2);
        pause = next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
      }
      log.error("Gave up removing {}", what);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isRemoved(String what, Undo.Action removal) throws InterruptedException {
    try {
      removal.run();
      return true;
    } catch (KubernetesClientException e) {
      log.warn("Cannot remove {} yet: {}", what, ClusterAnswer.words(e));
      return false;
    }
  }
}
