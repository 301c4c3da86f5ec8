package dev.slipway.hooks;

/** The terminal of the person pushing. */
@FunctionalInterface
public interface Terminal {

  /**
   * Shows one line at once. Safe from several threads; never throws, also when nobody listens any
   * more.
   *
   * @param text without a line break
   */
  void line(String text);
}
