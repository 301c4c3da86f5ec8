package dev.slipway.gitd.ssh;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** The commands that run now, so that a shutdown can wait for them. */
public final class RunningCommands {
  private final Set<GitCommand> commands = new HashSet<>();
  private long idleSince = System.nanoTime();

  synchronized void started(GitCommand command) {
    commands.add(command);
  }

  synchronized void ended(GitCommand command) {
    commands.remove(command);
    idleSince = System.nanoTime();
    notifyAll();
  }

  /** How long nothing has run, since the last command or the start. */
  synchronized Duration idle() {
    return commands.isEmpty() ? Duration.ofNanos(System.nanoTime() - idleSince) : Duration.ZERO;
  }

  /**
   * Waits until nothing runs.
   *
   * @return whether that came within the time
   */
  synchronized boolean awaitNone(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!commands.isEmpty()) {
      long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
