package dev.slipway.hooks;

import dev.slipway.hooks.report.PushReport;

/** What gitd calls around the moment when refs move. */
public interface PushHook {

  /**
   * Decides about a push and does everything that must be done before its refs may move. Blocks,
   * for as long as a build and a rollout take. An interrupt means that its connection is closed:
   * whatever was started is undone, and the outcome is {@link PushOutcome.Cancelled}.
   *
   * @param terminal takes lines until {@link #postReceive} has returned
   */
  PushOutcome preReceive(Push push, Terminal terminal);

  /**
   * Told once after every {@link #preReceive}, whatever came between.
   *
   * @param moved whether the refs have moved as the outcome allowed
   * @return all there is to tell
   */
  PushReport postReceive(Push push, PushOutcome outcome, boolean moved);
}
