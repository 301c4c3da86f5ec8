package dev.slipway.demo.cluster.process;

/** Work that waits, and that ends when its thread is interrupted. */
@FunctionalInterface
public interface Interruptible {
  void run() throws InterruptedException;

  /** Begins it on a virtual thread of its own. */
  static Thread start(String name, Interruptible work) {
    return Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              try {
                work.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }
}
