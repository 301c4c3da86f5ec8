package dev.slipway.hooks.report;

import dev.slipway.hooks.Terminal;
import dev.slipway.hooks.kube.PlainText;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the person pushing sees: plain lines, and never silence without a word about what is waited
 * for.
 */
public final class PushScreen implements AutoCloseable {
  private final Terminal terminal;
  private final Clock clock;
  private final Duration notice;
  private final Map<String, Wait> waits = new LinkedHashMap<>();
  private final Thread ticker;
  private Instant lastLine;

  private record Wait(String text, Instant since) {}

  /**
   * @param notice after so much silence the waits are told
   */
  public PushScreen(Terminal terminal, Clock clock, Duration notice) {
    this.terminal = terminal;
    this.clock = clock;
    this.notice = notice;
    this.lastLine = clock.instant();
    this.ticker = Thread.ofVirtual().name("push-screen").start(this::tick);
  }

  /** Begins a phase. */
  public void phase(String text) {
    show("-----> " + text);
  }

  /** Tells something within a phase. */
  public void detail(String text) {
    show("       " + text);
  }

  /** Tells that the push has reached its aim. */
  public void success(String text) {
    show("=====> " + text);
  }

  /** Tells why the push fails. */
  public void failure(String text) {
    show(" !     " + text);
  }

  /**
   * Notes what is waited for, until {@link #arrived}.
   *
   * @param key one for each thing that is waited for at the same time
   * @param text to be read after "waiting for"
   */
  public synchronized void waitingFor(String key, String text) {
    Wait before = waits.get(key);
    if (before == null || !before.text().equals(text)) {
      waits.put(key, new Wait(text, clock.instant()));
    }
  }

  /** Ends a wait. */
  public synchronized void arrived(String key) {
    waits.remove(key);
  }

  /** A wait that closing ends. */
  public final class Waiting implements AutoCloseable {
    private final String text;

    private Waiting(String text) {
      this.text = text;
      waitingFor(text, text);
    }

    @Override
    public void close() {
      arrived(text);
    }
  }

  /**
   * Notes what is waited for, until it is closed.
   *
   * @param text to be read after "waiting for"; no two waits at the same time have the same
   */
  public Waiting waitFor(String text) {
    return new Waiting(text);
  }

  @Override
  public void close() {
    ticker.interrupt();
  }

  private synchronized void show(String text) {
    lastLine = clock.instant();
    terminal.line(PlainText.of(text));
  }

  private void tick() {
    try {
      while (true) {
        Thread.sleep(notice.dividedBy(5));
        tellWaits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void tellWaits() {
    Instant now = clock.instant();
    if (Duration.between(lastLine, now).compareTo(notice) < 0) {
      return;
    }
    waits
        .values()
        .forEach(
            wait ->
                detail(
                    "waiting for %s (%d s)"
                        .formatted(wait.text(), Duration.between(wait.since(), now).toSeconds())));
  }
}
