package dev.slipway.hooks;

import dev.slipway.hooks.report.PushScreen;
import java.util.ArrayDeque;
import java.util.Deque;

/** Lets one deploying push of a Remote go on at a time, in the order of their coming. */
final class Turn {
  /** The first one has the turn. */
  private final Deque<Held> queue = new ArrayDeque<>();

  /** The right to deploy, until it is given back. */
  final class Held implements AutoCloseable {
    private final String who;

    private Held(String who) {
      this.who = who;
    }

    @Override
    public void close() {
      synchronized (queue) {
        queue.remove(this);
        queue.notifyAll();
      }
    }
  }

  /**
   * Waits for the turn and takes it.
   *
   * @param who is told to those who wait behind
   */
  Held take(String who, PushScreen screen) throws InterruptedException {
    Held mine = new Held(who);
    Held holder = enter(mine);
    if (holder == mine) {
      return mine;
    }
    try {
      screen.phase("Waiting for the push of %s to end".formatted(holder.who));
      while (holder != mine) {
        screen.waitingFor("turn", "the push of %s to end".formatted(holder.who));
        holder = holderAfter(holder);
      }
      return mine;
    } catch (InterruptedException | RuntimeException e) {
      mine.close();
      throw e;
    } finally {
      screen.arrived("turn");
    }
  }

  private Held enter(Held held) {
    synchronized (queue) {
      queue.addLast(held);
      return queue.getFirst();
    }
  }

  private Held holderAfter(Held before) throws InterruptedException {
    synchronized (queue) {
      while (queue.getFirst() == before) {
        queue.wait();
      }
      return queue.getFirst();
    }
  }
}
