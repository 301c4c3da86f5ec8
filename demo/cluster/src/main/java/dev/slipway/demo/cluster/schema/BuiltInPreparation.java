package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;

/** What the server itself adds to objects of built-in kinds, after their owner is recorded. */
final class BuiltInPreparation {
  private BuiltInPreparation() {}

  static ObjectNode create(BuiltInKind kind, ObjectNode object) {
    ObjectNode prepared = object.deepCopy();
    switch (kind.kind()) {
      case "Pod" -> pod(prepared);
      case "Job" -> job(prepared);
      case "Namespace" -> namespace(prepared);
      case "CustomResourceDefinition" -> definition(prepared);
      default -> {}
    }
    return prepared;
  }

  /** Keeps what the server gave earlier and the writer left out. */
  static ObjectNode update(BuiltInKind kind, ObjectNode stored, ObjectNode object) {
    if (kind.kind().equals("Pod") && object.path("status") instanceof ObjectNode status) {
      status.putIfAbsent("qosClass", stored.at("/status/qosClass"));
    }
    if (!kind.kind().equals("Service") || !(object.path("spec") instanceof ObjectNode spec)) {
      return object;
    }
    for (String field : List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
      JsonNode before = stored.path("spec").get(field);
      if (before != null && !spec.has(field)) {
        spec.set(field, before);
      }
    }
    if (!spec.path("type").asText().equals("ClusterIP")) {
      keepNodePorts(stored, spec);
    }
    return object;
  }

  private static void keepNodePorts(ObjectNode stored, ObjectNode spec) {
    for (JsonNode port : spec.path("ports")) {
      for (JsonNode before : stored.at("/spec/ports")) {
        boolean same =
            before.path("port").equals(port.path("port"))
                && before.path("protocol").equals(port.path("protocol"));
        if (same && before.has("nodePort") && port instanceof ObjectNode some) {
          some.putIfAbsent("nodePort", before.get("nodePort"));
        }
      }
    }
  }

  private static void namespace(ObjectNode namespace) {
    namespace.withObjectProperty("spec").putArray("finalizers").add("kubernetes");
    namespace.withObjectProperty("status").put("phase", "Active");
  }

  /** A Job finds its pods by its own uid, which is therefore given here when nobody has. */
  private static void job(ObjectNode job) {
    ObjectNode spec = job.withObjectProperty("spec");
    if (spec.path("manualSelector").asBoolean()) {
      return;
    }
    ObjectNode metadata = job.withObjectProperty("metadata");
    metadata.putIfAbsent("uid", metadata.textNode(UUID.randomUUID().toString()));
    String uid = metadata.path("uid").asText();
    String name = job.at("/metadata/name").asText();
    spec.withObjectProperty("selector")
        .withObjectProperty("matchLabels")
        .put("batch.kubernetes.io/controller-uid", uid);
    ObjectNode template = spec.withObjectProperty("template");
    for (ObjectNode each : List.of(job, template)) {
      each.withObjectProperty("metadata")
          .withObjectProperty("labels")
          .put("batch.kubernetes.io/controller-uid", uid)
          .put("batch.kubernetes.io/job-name", name)
          .put("controller-uid", uid)
          .put("job-name", name);
    }
  }

  private static void definition(ObjectNode definition) {
    ObjectNode status = definition.putObject("status");
    status.putObject("acceptedNames").put("kind", "").put("plural", "");
    status.putNull("conditions");
    var versions = status.putArray("storedVersions");
    definition
        .at("/spec/versions")
        .valueStream()
        .filter(each -> each.path("storage").asBoolean())
        .forEach(each -> versions.add(each.get("name")));
  }

  private static void pod(ObjectNode pod) {
    ObjectNode spec = pod.withObjectProperty("spec");
    var tolerations = spec.withArrayProperty("tolerations");
    for (String condition : List.of("not-ready", "unreachable")) {
      String key = "node.kubernetes.io/" + condition;
      if (tolerations.valueStream().noneMatch(each -> each.path("key").asText().equals(key))) {
        tolerations
            .addObject()
            .put("key", key)
            .put("operator", "Exists")
            .put("effect", "NoExecute")
            .put("tolerationSeconds", 300);
      }
    }
    spec.putIfAbsent("priority", spec.numberNode(0));
    spec.putIfAbsent("preemptionPolicy", spec.textNode("PreemptLowerPriority"));
    pod.putObject("status").put("phase", "Pending").put("qosClass", qosClass(spec));
  }

  private static String qosClass(ObjectNode spec) {
    boolean any = false;
    boolean all = true;
    for (JsonNode container : spec.path("containers")) {
      JsonNode limits = container.at("/resources/limits");
      JsonNode requests = container.at("/resources/requests");
      any |= !limits.isEmpty() || !requests.isEmpty();
      all &= limits.has("cpu") && limits.has("memory") && limits.equals(requests);
    }
    return !any ? "BestEffort" : all ? "Guaranteed" : "Burstable";
  }
}
