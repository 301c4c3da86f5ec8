package dev.slipway.hooks.kube;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what must be undone also when the thread that did it has been interrupted. */
public final class Undo {
  private static final Logger log = LoggerFactory.getLogger(Undo.class);

  /** An action on the cluster. */
  @FunctionalInterface
  public interface Action {
    void run() throws InterruptedException;
  }

  private Undo() {}

  /**
   * Runs the action to its end, on a thread that nobody interrupts. What it throws is logged and
   * goes no further: why something is undone matters more.
   */
  public static void run(Action action) {
    Thread thread =
        PushThreads.start(
            "undo",
            () -> {
              try {
                action.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException e) {
                log.error("Something could not be undone", e);
              }
            });
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
