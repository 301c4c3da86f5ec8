package dev.slipway.hooks.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.hooks.kube.ClusterAnswer;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells an object that cannot be tried yet, as it needs one that comes with the same push, from one
 * that is wrong: the API server looks some references up even when nothing is to be changed.
 */
final class Arriving {
  private final List<Manifest> manifests = new ArrayList<>();

  /** To be called for what is not live, in the order in which it will be applied. */
  void add(Manifest manifest) {
    manifests.add(manifest);
  }

  /** The one that is missing, if that is why an object was refused. */
  Optional<Manifest> neededBy(Manifest manifest, KubernetesClientException refusal) {
    String words = ClusterAnswer.words(refusal);
    boolean missing =
        refusal.getCode() == 404 || (refusal.getCode() == 403 && !words.contains("RBAC: "));
    return manifests.stream()
        .filter(other -> missing && words.contains('"' + other.name() + "\" not found"))
        .filter(other -> refers(manifest.object(), other))
        .findFirst();
  }

  private static boolean refers(JsonNode node, Manifest other) {
    boolean byKind =
        node.path("kind").asText().equals(other.kind())
            && node.path("name").asText().equals(other.name());
    boolean byAccount =
        other.kind().equals("ServiceAccount")
            && (node.path("serviceAccountName").asText().equals(other.name())
                || node.path("serviceAccount").asText().equals(other.name()));
    return byKind || byAccount || node.valueStream().anyMatch(child -> refers(child, other));
  }
}
