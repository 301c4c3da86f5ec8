package dev.slipway.demo.story;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;

/**
 * Turns Ctrl-C and SIGTERM into an interrupt of the thread that plays, and holds the process until
 * that thread has cleared away.
 */
final class Curtain implements AutoCloseable {
  /** Exit code of a process that was interrupted. */
  static final int INTERRUPTED = 130;

  private final CountDownLatch ended = new CountDownLatch(1);

  private Curtain() {}

  /** For the current thread, until it is closed as the last thing that the thread does. */
  static Curtain raise(PrintStream out) {
    var curtain = new Curtain();
    Thread playing = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> curtain.fall(playing, out)));
    return curtain;
  }

  @Override
  public void close() {
    ended.countDown();
  }

  /** The JVM goes on ending when this returns. */
  private void fall(Thread playing, PrintStream out) {
    if (ended.getCount() > 0) {
      out.println();
      out.println("Clearing away …");
      playing.interrupt();
    }
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
