package dev.slipway.hooks.kube;

/** Runs what must be undone also when the thread that did it has been interrupted. */
public final class Undo {
  /** An action on the cluster. */
  @FunctionalInterface
  public interface Action {
    void run() throws InterruptedException;
  }

  private Undo() {}

  /** Runs the action to its end, on a thread that nobody interrupts. */
  public static void run(Action action) {
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    action.run();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
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
