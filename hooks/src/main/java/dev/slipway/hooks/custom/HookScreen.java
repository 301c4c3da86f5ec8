package dev.slipway.hooks.custom;

import dev.slipway.hooks.job.JobView;
import dev.slipway.hooks.kube.PlainText;
import dev.slipway.hooks.report.PushScreen;

/** Shows what a hook prints, with its name before each line, and remembers the last line. */
final class HookScreen implements JobView {
  private final PushScreen screen;
  private final String hook;
  private volatile String last = "";

  HookScreen(PushScreen screen, String hook) {
    this.screen = screen;
    this.hook = hook;
  }

  @Override
  public void log(String line) {
    String text = PlainText.of(line);
    if (!text.isBlank()) {
      last = text.strip();
    }
    show(text);
  }

  @Override
  public void note(String text) {
    show(text);
  }

  /** Tells something about the hook itself. */
  void show(String text) {
    screen.detail(hook + " | " + text);
  }

  /** The last line that was not blank; empty if there was none. */
  String last() {
    return last;
  }

  @Override
  public String doing() {
    return "its program";
  }

  @Override
  public void waitingFor(String on) {
    screen.waitingFor(key(), "hook " + hook + ": " + on);
  }

  void arrived() {
    screen.arrived(key());
  }

  private String key() {
    return "hook " + hook;
  }
}
