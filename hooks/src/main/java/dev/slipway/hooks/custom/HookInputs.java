package dev.slipway.hooks.custom;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.hooks.Push.Pusher;
import dev.slipway.hooks.Push.RefChange;
import dev.slipway.hooks.PushId;
import dev.slipway.hooks.kube.PlainText;
import dev.slipway.hooks.plan.ImageBuild;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jgit.lib.ObjectId;

/**
 * What every hook is told about its push; docs/hooks.md lists it, and no secret is among it.
 *
 * @param images built so far, with digests
 */
public record HookInputs(
    PushId push,
    GitdConfig config,
    RefChange change,
    Pusher pusher,
    Map<ImageBuild, String> images) {

  /** The image of a build. */
  String image(ImageBuild build) {
    return images.getOrDefault(build, build.pulledAs());
  }

  /** Variables by name. */
  Map<String, String> variables() {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("SLIPWAY_REMOTE", config.name());
    variables.put("SLIPWAY_NAMESPACE", config.namespace());
    variables.put("SLIPWAY_COMMIT", change.newId().name());
    variables.put(
        "SLIPWAY_PREVIOUS_COMMIT",
        change.oldId().equals(ObjectId.zeroId()) ? "" : change.oldId().name());
    variables.put("SLIPWAY_REF", change.ref());
    variables.put("SLIPWAY_PUSHER", name());
    variables.put("SLIPWAY_IMAGES", imagesByLabel());
    variables.put("TRACEPARENT", push.traceparent());
    return variables;
  }

  /** ASCII only: fabric8's watch over HTTP breaks off at an event with anything else. */
  private String name() {
    String name = PlainText.oneLine(pusher.name());
    return name.chars().allMatch(c -> c < 0x7f) ? name : pusher.fingerprint();
  }

  private String imagesByLabel() {
    Map<String, String> byLabel = new LinkedHashMap<>();
    images.forEach((build, image) -> byLabel.put(build.label(), image));
    return Serialization.asJson(byLabel);
  }
}
