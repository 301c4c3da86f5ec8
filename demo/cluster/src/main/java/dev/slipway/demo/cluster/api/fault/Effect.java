package dev.slipway.demo.cluster.api.fault;

import dev.slipway.demo.cluster.api.rbac.Action;
import dev.slipway.demo.cluster.schema.Rejected;
import java.time.Duration;
import java.util.function.Function;

/** What a fault does to a request that it strikes. */
sealed interface Effect {
  /** Shows before the request is carried out, or instead. */
  sealed interface OnRequest extends Effect {}

  /** Shows on the pieces of a watch or log. */
  sealed interface OnPieces extends Effect {}

  /** Answered with an error instead of being carried out. */
  record Refuse(Function<Action.OnResource, Rejected> why) implements OnRequest {}

  /** Not answered until the fault is removed, and never carried out. */
  record Hang() implements OnRequest {}

  /** Carried out, but the connection breaks before the answer. */
  record LoseAnswer() implements OnRequest {}

  /** Carried out so much later; each piece of a stream comes so much later. */
  record Delay(Duration time) implements OnRequest, OnPieces {}

  /**
   * The stream ends after so many bytes.
   *
   * @param broken without the end of the HTTP body, as when a connection breaks
   */
  record End(long bytes, boolean broken) implements OnPieces {}
}
