package dev.slipway.controller.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.crd.Helm;
import dev.slipway.crd.Manifests;
import dev.slipway.crd.RemoteSpec;
import java.util.ArrayList;
import java.util.List;

/** Names what this version accepts and cannot do yet; a push that would need it is refused. */
final class Support {
  private Support() {}

  /** The sentences that a push is refused with. */
  static Checked<List<String>> check(RemoteSpec spec) {
    List<String> sentences = new ArrayList<>();
    Manifests manifests = spec.manifests();
    if (manifests != null) {
      if (!Texts.orEmpty(manifests.path()).isEmpty()) {
        sentences.add(
            "spec.manifests.path is set, and this version does not apply manifests yet: remove it to deploy images only.");
      }
      if (manifests.helm() != null && asksForHelm(manifests.helm())) {
        sentences.add(
            "spec.manifests.helm is set, and this version does not render charts yet: remove it to deploy images only.");
      }
    }
    return new Checked<>(
        List.copyOf(sentences),
        new Verdict(
            Topic.Supported,
            sentences.stream().map(it -> Finding.blocking("NotYetSupported", it)).toList(),
            "Everything in the spec is honoured."));
  }

  private static boolean asksForHelm(Helm helm) {
    JsonNode values = helm.values();
    return !Texts.orEmpty(helm.release()).isEmpty() || (values != null && !values.isEmpty());
  }
}
