package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The defaults of built-in kinds: the table's, and those that depend on other fields. */
final class BuiltInDefaults {
  private static final ObjectMapper JSON = new ObjectMapper();

  private BuiltInDefaults() {}

  static ObjectNode apply(String kind, Schema schema, ObjectNode object) {
    // The table fills what the conditional defaults may have opened, hence twice.
    ObjectNode filled = Defaults.apply(schema, object);
    switch (kind) {
      case "Secret" -> encodeStringData(filled);
      case "Service" -> service(filled);
      case "Deployment" -> rollingUpdate(filled, "strategy");
      case "StatefulSet", "DaemonSet" -> rollingUpdate(filled, "updateStrategy");
      case "Job" -> with(filled.path("spec"), BuiltInDefaults::job);
      case "Pod" ->
          with(filled.path("spec"), spec -> putIfAbsent(spec, "enableServiceLinks", true));
      case "RoleBinding", "ClusterRoleBinding" ->
          filled.path("subjects").forEach(BuiltInDefaults::subject);
      case "CustomResourceDefinition" -> names(filled);
      case "Namespace" ->
          filled
              .withObjectProperty("metadata")
              .withObjectProperty("labels")
              .set("kubernetes.io/metadata.name", filled.at("/metadata/name"));
      default -> {}
    }
    podSpec(kind, filled).ifPresent(BuiltInDefaults::podSpec);
    return Defaults.apply(schema, filled);
  }

  /** The pod that an object describes, wherever it does so. */
  static Optional<ObjectNode> podSpec(String kind, ObjectNode object) {
    JsonNode spec =
        switch (kind) {
          case "Pod" -> object.path("spec");
          case "PodTemplate" -> object.at("/template/spec");
          case "CronJob" -> object.at("/spec/jobTemplate/spec/template/spec");
          default -> object.at("/spec/template/spec");
        };
    return spec instanceof ObjectNode some ? Optional.of(some) : Optional.empty();
  }

  private static void podSpec(ObjectNode spec) {
    for (String list : List.of("containers", "initContainers")) {
      for (JsonNode each : spec.path(list)) {
        with(each, BuiltInDefaults::container);
      }
    }
    // The deprecated name of the account is written out beside the new one.
    JsonNode account = spec.get("serviceAccountName");
    if (account != null) {
      spec.set("serviceAccount", account);
    } else if (spec.has("serviceAccount")) {
      spec.set("serviceAccountName", spec.get("serviceAccount"));
    }
    if (spec.path("hostNetwork").asBoolean()) {
      spec.path("containers")
          .forEach(each -> each.path("ports").forEach(BuiltInDefaults::hostPort));
    }
    for (JsonNode each : spec.path("volumes")) {
      if (each.size() == 1 && each instanceof ObjectNode volume) {
        volume.putObject("emptyDir");
      }
    }
  }

  private static void container(ObjectNode container) {
    String image = container.path("image").asText();
    if (!image.isEmpty() && !container.has("imagePullPolicy")) {
      String last = image.substring(image.lastIndexOf('/') + 1);
      boolean isLatest = !last.contains("@") && (!last.contains(":") || last.endsWith(":latest"));
      container.put("imagePullPolicy", isLatest ? "Always" : "IfNotPresent");
    }
    with(
        container.path("resources"),
        resources -> {
          if (resources.path("limits") instanceof ObjectNode limits) {
            ObjectNode requests = resources.withObjectProperty("requests");
            limits
                .properties()
                .forEach(each -> requests.putIfAbsent(each.getKey(), each.getValue()));
          }
        });
  }

  private static void hostPort(JsonNode port) {
    with(port, each -> each.putIfAbsent("hostPort", each.get("containerPort")));
  }

  private static void rollingUpdate(ObjectNode object, String field) {
    with(
        object.path("spec").path(field),
        strategy -> {
          if (strategy.path("type").asText().equals("RollingUpdate")) {
            strategy.withObjectProperty("rollingUpdate");
          }
        });
  }

  private static void job(ObjectNode spec) {
    if (!spec.has("completions") && !spec.has("parallelism")) {
      spec.put("completions", 1);
    }
    putIfAbsent(spec, "parallelism", 1);
  }

  private static void service(ObjectNode service) {
    ObjectNode spec = service.withObjectProperty("spec");
    String type = spec.path("type").asText();
    if (type.equals("ExternalName")) {
      return;
    }
    for (JsonNode each : spec.path("ports")) {
      with(each, port -> port.putIfAbsent("targetPort", port.get("port")));
    }
    putIfAbsent(spec, "internalTrafficPolicy", "Cluster");
    if (type.equals("NodePort") || type.equals("LoadBalancer")) {
      putIfAbsent(spec, "externalTrafficPolicy", "Cluster");
    }
    if (type.equals("LoadBalancer")) {
      putIfAbsent(spec, "allocateLoadBalancerNodePorts", true);
    }
    if (spec.path("sessionAffinity").asText().equals("ClientIP")) {
      ObjectNode affinity =
          spec.withObjectProperty("sessionAffinityConfig").withObjectProperty("clientIP");
      if (!affinity.has("timeoutSeconds")) {
        affinity.put("timeoutSeconds", 10_800);
      }
    }
  }

  private static void encodeStringData(ObjectNode secret) {
    if (secret.remove("stringData") instanceof ObjectNode plain) {
      ObjectNode data = secret.withObjectProperty("data");
      for (Map.Entry<String, JsonNode> each : plain.properties()) {
        byte[] bytes = each.getValue().asText().getBytes(StandardCharsets.UTF_8);
        data.put(each.getKey(), Base64.getEncoder().encodeToString(bytes));
      }
    }
  }

  private static void subject(JsonNode subject) {
    boolean isAccount = subject.path("kind").asText().equals("ServiceAccount");
    if (!isAccount) {
      with(subject, each -> putIfAbsent(each, "apiGroup", "rbac.authorization.k8s.io"));
    }
  }

  private static void names(ObjectNode definition) {
    with(
        definition.at("/spec/names"),
        names -> {
          String kind = names.path("kind").asText();
          putIfAbsent(names, "singular", kind.toLowerCase(Locale.ROOT));
          putIfAbsent(names, "listKind", kind + "List");
        });
  }

  private static void putIfAbsent(ObjectNode object, String field, Object value) {
    object.putIfAbsent(field, JSON.valueToTree(value));
  }

  private static void with(JsonNode node, Consumer<ObjectNode> change) {
    if (node instanceof ObjectNode object) {
      change.accept(object);
    }
  }
}
