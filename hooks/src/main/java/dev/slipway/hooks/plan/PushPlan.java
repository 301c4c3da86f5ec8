package dev.slipway.hooks.plan;

import dev.slipway.hooks.Push.RefChange;
import dev.slipway.hooks.manifests.ManifestSet;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;

/** What a push asks for. */
public sealed interface PushPlan {

  /**
   * Build images and deploy them.
   *
   * @param change of the branch that deploys
   * @param commit what the branch will point to
   * @param subject first line of its message, as the author wrote it
   * @param builds empty only where there are manifests
   * @param manifests without the images that are built
   * @param hooks in the order in which those of the same time run
   * @param notes sentences about refs that are only stored
   */
  record Deploy(
      RefChange change,
      ObjectId commit,
      String subject,
      List<ImageBuild> builds,
      ManifestSet manifests,
      List<PlannedHook> hooks,
      List<String> notes)
      implements PushPlan {}

  /**
   * Nothing is deployed, the refs just move.
   *
   * @param notes one sentence for each of them
   */
  record Store(List<String> notes) implements PushPlan {}

  /**
   * Nothing may happen.
   *
   * @param findings all that were found, never empty
   */
  record Reject(List<Finding> findings) implements PushPlan {}
}
