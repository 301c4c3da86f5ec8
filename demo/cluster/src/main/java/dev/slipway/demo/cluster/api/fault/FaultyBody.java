package dev.slipway.demo.cluster.api.fault;

import dev.slipway.demo.cluster.api.http.Reply;
import dev.slipway.demo.cluster.schema.Rejected;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The body of one watch or log: passes whole pieces on, as far as the faults let them through. */
final class FaultyBody extends OutputStream {
  /** The stream shall look complete. */
  private static final class Ends extends IOException {
    private static final long serialVersionUID = 1;
  }

  @FunctionalInterface
  private interface Pause {
    void await() throws InterruptedException;
  }

  /** What comes this soon after a piece has waited together with it. */
  private static final Duration BURST = Duration.ofMillis(5);

  private final Requests.Subject subject;
  private final OutputStream to;
  private final Supplier<List<Fault>> faults;
  private final int lag = Shake.upTo(1000);
  private final Thread thread = Thread.currentThread();
  private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
  private final Map<Fault, Long> sentWhenStruck = new HashMap<>();
  private long sent;
  private long lastSent = System.nanoTime() - BURST.toNanos();
  private boolean over;
  private boolean dropped;

  FaultyBody(Requests.Subject subject, OutputStream to, Supplier<List<Fault>> faults) {
    this.subject = subject;
    this.to = to;
    this.faults = faults;
  }

  Requests.Subject subject() {
    return subject;
  }

  /** Lets the writer write all of it, in the thread that made this. */
  void fill(Reply.Writer writer) throws IOException, InterruptedException {
    try {
      writer.writeTo(this);
      flush();
    } catch (Ends e) {
      to.flush();
    } catch (InterruptedException e) {
      if (wasDropped()) {
        throw new IOException("dropped by a fault", e);
      }
      throw e;
    } catch (Rejected e) {
      if (sent > 0) {
        throw new IOException(e);
      }
      throw e;
    } finally {
      end();
    }
  }

  /** Breaks its connection; false when it is over already. */
  synchronized boolean drop() {
    if (!over) {
      dropped = true;
      thread.interrupt();
    }
    return !over;
  }

  private synchronized boolean wasDropped() {
    return dropped;
  }

  private synchronized void end() {
    over = true;
    if (dropped) {
      // The thread may serve another request next.
      var ignored = Thread.interrupted();
    }
  }

  @Override
  public void write(int single) {
    piece.write(single);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    piece.write(bytes, offset, length);
  }

  @Override
  public void flush() throws IOException {
    for (var fault : faults.get()) {
      if (fault.effect() instanceof Effect.OnPieces effect && fault.strikes(subject, this)) {
        suffer(fault, effect);
      }
    }
    if (System.nanoTime() - lastSent > BURST.toNanos()) {
      pause(() -> Thread.sleep(Shake.upTo(lag)));
    }
    pass(piece.size());
    piece.reset();
  }

  private void suffer(Fault fault, Effect.OnPieces effect) throws IOException {
    switch (effect) {
      case Effect.Delay(var time) -> pause(() -> fault.awaitRemoval(time));
      case Effect.End(var bytes, var broken) -> {
        long left = bytes - (sent - sentWhenStruck.computeIfAbsent(fault, _ -> sent));
        if (piece.size() >= left) {
          pass((int) left);
          throw broken ? new IOException("broken by a fault") : new Ends();
        }
      }
    }
  }

  /** The headers alone, which clients wait for, are no piece. */
  private void pause(Pause pause) throws InterruptedIOException {
    try {
      if (piece.size() > 0) {
        pause.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the stream ends while a fault delays it");
    }
  }

  private void pass(int count) throws IOException {
    to.write(piece.toByteArray(), 0, count);
    to.flush();
    sent += count;
    if (count > 0) {
      lastSent = System.nanoTime();
    }
  }
}
