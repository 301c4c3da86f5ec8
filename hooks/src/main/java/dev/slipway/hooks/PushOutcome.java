package dev.slipway.hooks;

import org.eclipse.jgit.lib.ObjectId;

/** How a push ends: all its refs move, or none. */
public sealed interface PushOutcome {

  /** The commit runs in the cluster and is healthy. */
  record Deployed(ObjectId commit) implements PushOutcome {}

  /** Nothing was to be deployed; the refs move. */
  record Stored() implements PushOutcome {}

  /**
   * Nothing has changed, in the repository or in the cluster.
   *
   * @param reason machine-readable, CamelCase, for example {@code BuildFailed}
   * @param sentence for the person pushing, without a line break
   */
  record Rejected(String reason, String sentence) implements PushOutcome {}

  /** Its connection was closed, by whichever side; nothing has changed. */
  record Cancelled() implements PushOutcome {}
}
