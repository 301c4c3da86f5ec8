package dev.slipway.hooks.build;

import dev.slipway.hooks.report.PushScreen;
import java.util.concurrent.atomic.AtomicBoolean;

/** What one of several builds shows, until another one has failed. */
final class BuildScreen {
  private final PushScreen screen;
  private final String label;
  private final String prefix;
  private final AtomicBoolean over;

  /**
   * @param prefix put before each line
   * @param over shared by all builds of a push: whether one has failed
   */
  BuildScreen(PushScreen screen, String label, String prefix, AtomicBoolean over) {
    this.screen = screen;
    this.label = label;
    this.prefix = prefix;
    this.over = over;
  }

  /** Shows a line. */
  void line(String text) {
    synchronized (over) {
      if (!over.get()) {
        screen.detail(prefix + text);
      }
    }
  }

  /** Notes what the build waits for. */
  void waitingFor(String on) {
    synchronized (over) {
      if (!over.get()) {
        screen.waitingFor(label, label + ": " + on);
      }
    }
  }

  /** Ends the wait. */
  void arrived() {
    screen.arrived(label);
  }

  /** Ends the showing of all builds; the push tells why the first one has failed. */
  void failed(String sentence) {
    synchronized (over) {
      if (!over.compareAndSet(false, true)) {
        screen.detail(prefix + "failed too: " + sentence);
      }
    }
  }

  /** Tells that the build was ended because another one has failed. */
  void cancelled() {
    synchronized (over) {
      screen.arrived(label);
      if (over.get()) {
        screen.detail(prefix + "cancelled");
      }
    }
  }
}
