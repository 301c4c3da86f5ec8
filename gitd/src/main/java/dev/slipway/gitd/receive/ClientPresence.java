package dev.slipway.gitd.receive;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the client of a command is still there, and whom to interrupt when it is not: only work
 * that has asked for it, so that closing a connection never disturbs what follows a decision.
 */
public final class ClientPresence {
  private boolean gone;
  private @Nullable Thread interested;

  /** Says that the client has left; it does not come back. */
  public synchronized void gone() {
    gone = true;
    if (interested != null) {
      interested.interrupt();
    }
  }

  /** Runs work on the calling thread that is interrupted as soon as the client leaves. */
  public <T> T interrupting(Supplier<T> work) {
    synchronized (this) {
      interested = Thread.currentThread();
      if (gone) {
        interested.interrupt();
      }
    }
    try {
      return work.get();
    } finally {
      synchronized (this) {
        interested = null;
        Thread.interrupted();
      }
    }
  }
}
