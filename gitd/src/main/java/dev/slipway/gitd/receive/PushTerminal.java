package dev.slipway.gitd.receive;

import dev.slipway.hooks.Terminal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.eclipse.jgit.transport.SideBandOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Brings lines to the pusher as they happen. The callers never wait for a slow or paused client: a
 * thread of its own writes, and when nothing is said it sends an empty packet, so that a connection
 * that has been cut is noticed.
 */
final class PushTerminal implements Terminal, AutoCloseable {
  /** Lines that a client may leave unread; the oldest make room. */
  private static final int BACKLOG = 50_000;

  /** An empty side-band packet, as C git's receive.keepAlive sends it. */
  private static final byte[] KEEP_ALIVE = {'0', '0', '0', '5', 1};

  private final OutputStream out;
  private final boolean sideBand;
  private final Duration keepAlive;
  private final Duration drainLimit;
  private final Runnable onLost;
  private final Deque<String> waiting = new ArrayDeque<>();
  private final Thread writer;
  private int leftOut;
  private boolean closing;

  /**
   * @param out the client's data stream when {@code sideBand}, else its error stream
   * @param keepAlive silence after which a connection is tried
   * @param drainLimit how long {@link #close} waits for a client that does not read
   * @param onLost called when a write fails
   */
  PushTerminal(
      OutputStream out,
      boolean sideBand,
      Duration keepAlive,
      Duration drainLimit,
      Runnable onLost) {
    this.out = out;
    this.sideBand = sideBand;
    this.keepAlive = keepAlive;
    this.drainLimit = drainLimit;
    this.onLost = onLost;
    this.writer = Thread.ofVirtual().name("push-terminal").start(this::write);
  }

  @Override
  public void line(String text) {
    List<String> lines = TerminalText.lines(text);
    synchronized (waiting) {
      for (String line : lines) {
        if (waiting.size() >= BACKLOG) {
          waiting.removeFirst();
          leftOut++;
        }
        waiting.addLast(line);
      }
      waiting.notifyAll();
    }
  }

  /** Waits until everything said has been written; nothing is written after this. */
  @Override
  public void close() {
    synchronized (waiting) {
      closing = true;
      waiting.notifyAll();
    }
    boolean interrupted = Thread.interrupted();
    try {
      if (!writer.join(drainLimit)) {
        onLost.run();
        writer.interrupt();
        writer.join();
      }
    } catch (InterruptedException e) {
      interrupted = true;
      writer.interrupt();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    try {
      OutputStream lines =
          sideBand
              ? new SideBandOutputStream(
                  SideBandOutputStream.CH_PROGRESS, SideBandOutputStream.SMALL_BUF, out)
              : out;
      for (String text = next(); text != null; text = next()) {
        if (text.isEmpty()) {
          if (sideBand) {
            out.write(KEEP_ALIVE);
            out.flush();
          }
        } else {
          lines.write(text.getBytes(StandardCharsets.UTF_8));
          lines.flush();
        }
      }
    } catch (IOException e) {
      onLost.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The next lines to write with their line breaks, empty after a silence, null at the end. All
   * that waits goes out together, so that a chatty build does not become a packet for each line.
   */
  private @Nullable String next() throws InterruptedException {
    synchronized (waiting) {
      if (waiting.isEmpty() && !closing) {
        waiting.wait(keepAlive.toMillis());
      }
      if (waiting.isEmpty()) {
        return closing ? null : "";
      }
      StringBuilder text = new StringBuilder();
      if (leftOut > 0) {
        text.append("(%d lines left out: the terminal did not keep up)\n".formatted(leftOut));
        leftOut = 0;
      }
      while (!waiting.isEmpty()) {
        text.append(waiting.removeFirst()).append('\n');
      }
      return text.toString();
    }
  }
}
