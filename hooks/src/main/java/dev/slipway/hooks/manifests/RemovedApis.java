package dev.slipway.hooks.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/**
 * Brings manifests of APIs that clusters no longer serve to the version that took their place,
 * where that says the same, as the API server did while it served both (<a
 * href="https://kubernetes.io/docs/reference/using-api/deprecation-guide/">Kubernetes' guide</a>).
 * A version that is not listed is left as it is.
 */
final class RemovedApis {
  private static final String APPS = "apps/v1";

  /** Kind and removed version, where every field is the same. */
  private static final Map<String, String> SAME =
      Map.ofEntries(
          Map.entry("NetworkPolicy extensions/v1beta1", "networking.k8s.io/v1"),
          Map.entry("CronJob batch/v1beta1", "batch/v1"),
          Map.entry("CronJob batch/v2alpha1", "batch/v1"),
          Map.entry("HorizontalPodAutoscaler autoscaling/v2beta2", "autoscaling/v2"),
          Map.entry("Role rbac.authorization.k8s.io/v1beta1", "rbac.authorization.k8s.io/v1"),
          Map.entry(
              "RoleBinding rbac.authorization.k8s.io/v1beta1", "rbac.authorization.k8s.io/v1"),
          Map.entry("Role rbac.authorization.k8s.io/v1alpha1", "rbac.authorization.k8s.io/v1"),
          Map.entry(
              "RoleBinding rbac.authorization.k8s.io/v1alpha1", "rbac.authorization.k8s.io/v1"));

  private static final Set<String> OLD_APPS =
      Set.of("extensions/v1beta1", "apps/v1beta1", "apps/v1beta2");
  private static final Set<String> WORKLOADS =
      Set.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet");
  private static final Set<String> OLD_INGRESS =
      Set.of("extensions/v1beta1", "networking.k8s.io/v1beta1");

  private RemovedApis() {}

  /**
   * Converts in place.
   *
   * @throws InvalidManifestException if the new version could not say the same
   */
  static void convert(ObjectNode object) throws InvalidManifestException {
    String version = object.path("apiVersion").asText();
    String kind = object.path("kind").asText();
    String same = SAME.get(kind + " " + version);
    if (same != null) {
      object.put("apiVersion", same);
    } else if (OLD_APPS.contains(version) && WORKLOADS.contains(kind)) {
      workload(object, version);
    } else if (OLD_INGRESS.contains(version) && kind.equals("Ingress")) {
      ingress(object, version);
    } else if (version.equals("policy/v1beta1") && kind.equals("PodDisruptionBudget")) {
      if (object.at("/spec/selector").isEmpty()) {
        throw gone(version, "policy/v1, where an empty selector selects all pods instead of none");
      }
      object.put("apiVersion", "policy/v1");
    }
  }

  /** The selector was taken from the labels where it was not given; now it has to be. */
  private static void workload(ObjectNode object, String version) throws InvalidManifestException {
    for (String field : new String[] {"rollbackTo", "templateGeneration"}) {
      if (object.path("spec").has(field)) {
        throw gone(version, APPS + ", which has no spec." + field);
      }
    }
    if (object.at("/spec/selector").isEmpty()) {
      JsonNode labels = object.at("/spec/template/metadata/labels");
      if (labels.isEmpty()) {
        throw gone(version, APPS + ", which needs spec.selector or labels in spec.template");
      }
      ((ObjectNode) object.path("spec"))
          .putObject("selector")
          .set("matchLabels", labels.deepCopy());
    }
    object.put("apiVersion", APPS);
  }

  private static void ingress(ObjectNode object, String version) throws InvalidManifestException {
    if (object.path("spec") instanceof ObjectNode spec) {
      JsonNode backend = spec.remove("backend");
      if (backend != null) {
        spec.set("defaultBackend", backend(backend, version));
      }
      for (JsonNode rule : spec.path("rules")) {
        for (JsonNode each : rule.at("/http/paths")) {
          if (each instanceof ObjectNode path) {
            if (!path.has("pathType")) {
              path.put("pathType", "ImplementationSpecific");
            }
            path.set("backend", backend(path.path("backend"), version));
          }
        }
      }
    }
    object.put("apiVersion", "networking.k8s.io/v1");
  }

  private static JsonNode backend(JsonNode old, String version) throws InvalidManifestException {
    if (!(old instanceof ObjectNode backend)) {
      throw gone(version, "networking.k8s.io/v1: a backend is missing");
    }
    ObjectNode converted = backend.deepCopy();
    JsonNode name = converted.remove("serviceName");
    JsonNode port = converted.remove("servicePort");
    if (name != null && port != null) {
      ObjectNode service = converted.putObject("service");
      service.set("name", name);
      service.putObject("port").set(port.isNumber() ? "number" : "name", port);
    }
    return converted;
  }

  private static InvalidManifestException gone(String version, String successor) {
    return new InvalidManifestException(
        "%s is no longer served; rewrite it for %s".formatted(version, successor));
  }
}
