package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the server refuses in objects of built-in kinds, as far as users commonly meet it. */
final class BuiltInRules {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What an update must leave as it is, by kind. */
  private static final Map<String, List<String>> IMMUTABLE =
      Map.of(
          "Deployment", List.of("spec.selector"),
          "ReplicaSet", List.of("spec.selector"),
          "StatefulSet", List.of("spec.selector"),
          "DaemonSet", List.of("spec.selector"),
          "Job",
              List.of("spec.completions", "spec.selector", "spec.template", "spec.completionMode"),
          "Secret", List.of("type"));

  private static final Set<String> WITH_SELECTOR =
      Set.of("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet");

  private BuiltInRules() {}

  static List<FieldError> create(BuiltInKind kind, ObjectNode object) {
    List<FieldError> errors = new ArrayList<>();
    if (WITH_SELECTOR.contains(kind.kind())) {
      errors.addAll(selector(object));
    }
    switch (kind.kind()) {
      case "Job" -> errors.addAll(restartPolicy(object.path("spec"), "spec"));
      case "CronJob" ->
          errors.addAll(
              restartPolicy(object.at("/spec/jobTemplate/spec"), "spec.jobTemplate.spec"));
      case "Service" -> errors.addAll(service(object.path("spec")));
      case "Secret" -> errors.addAll(secret(object));
      case "CustomResourceDefinition" -> errors.addAll(DefinitionRules.validate(object));
      default -> {}
    }
    String path =
        switch (kind.kind()) {
          case "Pod" -> "spec";
          case "CronJob" -> "spec.jobTemplate.spec.template.spec";
          default -> "spec.template.spec";
        };
    BuiltInDefaults.podSpec(kind.kind(), object)
        .ifPresent(spec -> errors.addAll(PodRules.validate(spec, path)));
    errors.addAll(required(kind.schema(), object, errors));
    return errors;
  }

  static List<FieldError> update(
      BuiltInKind kind, ObjectNode stored, ObjectNode object, String subresource) {
    List<FieldError> errors = new ArrayList<>();
    if (subresource.equals("status")) {
      if (kind.kind().equals("Pod")) {
        immutable(stored, object, "status.qosClass", errors);
      }
      if (WITH_SELECTOR.contains(kind.kind())) {
        errors.addAll(replicas(object.path("status")));
      }
      return errors;
    }
    for (String path : IMMUTABLE.getOrDefault(kind.kind(), List.of())) {
      immutable(stored, object, path, errors);
    }
    if (stored.path("immutable").asBoolean()) {
      immutable(stored, object, "data", errors);
    }
    switch (kind.kind()) {
      case "RoleBinding", "ClusterRoleBinding" -> {
        if (!stored.path("roleRef").equals(object.path("roleRef"))) {
          errors.add(
              FieldError.invalid(
                  "roleRef", object.path("roleRef").toString(), "cannot change roleRef"));
        }
      }
      case "Service" -> {
        if (stored.at("/spec/type").equals(object.at("/spec/type"))) {
          immutable(stored, object, "spec.clusterIP", errors);
        }
      }
      default -> {}
    }
    errors.addAll(create(kind, object));
    return errors;
  }

  private static void immutable(
      ObjectNode stored, ObjectNode object, String path, List<FieldError> errors) {
    String pointer = "/" + path.replace('.', '/');
    JsonNode value = object.at(pointer);
    if (!stored.at(pointer).equals(value)) {
      String shown = value.isMissingNode() ? "null" : value.toString();
      errors.add(FieldError.invalid(path, shown, "field is immutable"));
    }
  }

  private static List<FieldError> selector(ObjectNode object) {
    JsonNode selector = object.at("/spec/selector");
    JsonNode labels = object.at("/spec/template/metadata/labels");
    if (selector.isMissingNode()) {
      return List.of();
    }
    if (selector.isEmpty()) {
      return List.of(
          FieldError.invalid("spec.selector", "{}", "empty selector is invalid for deployment"));
    }
    for (Map.Entry<String, JsonNode> each : selector.path("matchLabels").properties()) {
      if (!each.getValue().equals(labels.path(each.getKey()))) {
        String shown = labels.isMissingNode() ? "null" : labels.toString();
        return List.of(
            FieldError.invalid(
                "spec.template.metadata.labels",
                shown,
                "`selector` does not match template `labels`"));
      }
    }
    return List.of();
  }

  private static List<FieldError> restartPolicy(JsonNode job, String path) {
    JsonNode policy = job.at("/template/spec/restartPolicy");
    return policy.asText().equals("Always")
        ? List.of(
            FieldError.required(
                path + ".template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\""))
        : List.of();
  }

  private static List<FieldError> service(JsonNode spec) {
    List<FieldError> errors = new ArrayList<>();
    JsonNode ports = spec.path("ports");
    String type = spec.path("type").asText();
    boolean isHeadless = spec.path("clusterIP").asText().equals("None");
    if (ports.isEmpty() && !isHeadless && !type.equals("ExternalName")) {
      errors.add(FieldError.required("spec.ports", ""));
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < ports.size(); i++) {
      String path = "spec.ports[" + i + "]";
      JsonNode port = ports.get(i);
      String name = port.path("name").asText();
      if (name.isEmpty() && ports.size() > 1) {
        errors.add(FieldError.required(path + ".name", ""));
      } else if (!name.isEmpty()) {
        Names.Rule.LABEL
            .check(name)
            .forEach(
                problem ->
                    errors.add(FieldError.invalid(path + ".name", '"' + name + '"', problem)));
        if (!names.add(name)) {
          errors.add(FieldError.duplicate(path + ".name", '"' + name + '"'));
        }
      }
      PodRules.port(port.path("port"), path + ".port").ifPresent(errors::add);
      if (port.path("targetPort").isNumber()) {
        PodRules.port(port.path("targetPort"), path + ".targetPort").ifPresent(errors::add);
      }
    }
    return errors;
  }

  private static List<FieldError> secret(ObjectNode secret) {
    String key =
        switch (secret.path("type").asText()) {
          case "kubernetes.io/dockerconfigjson" -> ".dockerconfigjson";
          case "kubernetes.io/dockercfg" -> ".dockercfg";
          default -> "";
        };
    if (key.isEmpty()) {
      return List.of();
    }
    String field = "data[" + key + "]";
    JsonNode data = secret.path("data").path(key);
    if (data.isMissingNode()) {
      return List.of(FieldError.required(field, ""));
    }
    try {
      JSON.readTree(Base64.getDecoder().decode(data.asText()));
      return List.of();
    } catch (IOException | IllegalArgumentException e) {
      return List.of(
          FieldError.invalid(field, "\"<secret contents redacted>\"", "invalid character in JSON"));
    }
  }

  private static List<FieldError> replicas(JsonNode status) {
    JsonNode available = status.path("availableReplicas");
    return available.asInt() > status.path("readyReplicas").asInt()
        ? List.of(
            FieldError.invalid(
                "status.availableReplicas",
                available.toString(),
                "cannot be greater than readyReplicas"))
        : List.of();
  }

  /** Required fields and enumerations of the table, where nothing else was found already. */
  private static List<FieldError> required(
      Schema schema, ObjectNode object, List<FieldError> found) {
    Set<String> reported = new HashSet<>();
    found.forEach(each -> reported.add(each.field()));
    return StructuralValidation.requiredAndEnums(schema, object).stream()
        .filter(each -> !each.field().startsWith("metadata.") && reported.add(each.field()))
        .toList();
  }
}
