package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the server refuses in the description of a pod. */
final class PodRules {
  private final List<FieldError> errors = new ArrayList<>();
  private final Set<String> volumes = new HashSet<>();

  private PodRules() {}

  static List<FieldError> validate(JsonNode spec, String path) {
    PodRules rules = new PodRules();
    rules.volumes(spec.path("volumes"), path + ".volumes");
    Set<String> names = new HashSet<>();
    rules.containers(spec.path("containers"), path + ".containers", names);
    rules.containers(spec.path("initContainers"), path + ".initContainers", names);
    if (spec.path("containers").isEmpty()) {
      rules.errors.add(FieldError.required(path + ".containers", ""));
    }
    return rules.errors;
  }

  /** The finding for a port's number, if any. */
  static Optional<FieldError> port(JsonNode port, String path) {
    int number = port.asInt();
    return number >= 1 && number <= 65_535
        ? Optional.empty()
        : Optional.of(
            FieldError.invalid(
                path, Integer.toString(number), "must be between 1 and 65535, inclusive"));
  }

  private void volumes(JsonNode list, String path) {
    for (int i = 0; i < list.size(); i++) {
      String name = list.get(i).path("name").asText();
      name(name, path + "[" + i + "].name", volumes);
    }
  }

  private void containers(JsonNode list, String path, Set<String> names) {
    for (int i = 0; i < list.size(); i++) {
      JsonNode container = list.get(i);
      String at = path + "[" + i + "]";
      name(container.path("name").asText(), at + ".name", names);
      String image = container.path("image").asText();
      if (image.isEmpty()) {
        errors.add(FieldError.required(at + ".image", ""));
      } else if (!image.equals(image.strip())) {
        errors.add(
            FieldError.invalid(
                at + ".image", '"' + image + '"', "must not have leading or trailing whitespace"));
      }
      for (int p = 0; p < container.path("ports").size(); p++) {
        String portPath = at + ".ports[" + p + "].containerPort";
        port(container.path("ports").get(p).path("containerPort"), portPath).ifPresent(errors::add);
      }
      mounts(container.path("volumeMounts"), at + ".volumeMounts");
    }
  }

  private void mounts(JsonNode mounts, String path) {
    Set<String> paths = new HashSet<>();
    for (int i = 0; i < mounts.size(); i++) {
      String at = path + "[" + i + "]";
      String name = mounts.get(i).path("name").asText();
      if (!name.isEmpty() && !volumes.contains(name)) {
        errors.add(
            new FieldError("FieldValueNotFound", "Not found: \"" + name + "\"", at + ".name"));
      }
      String mountPath = mounts.get(i).path("mountPath").asText();
      if (!mountPath.isEmpty() && !paths.add(mountPath)) {
        errors.add(FieldError.invalid(at + ".mountPath", '"' + mountPath + '"', "must be unique"));
      }
    }
  }

  private void name(String name, String path, Set<String> taken) {
    if (name.isEmpty()) {
      errors.add(FieldError.required(path, ""));
      return;
    }
    for (String problem : Names.Rule.LABEL.check(name)) {
      errors.add(FieldError.invalid(path, '"' + name + '"', problem));
    }
    if (!taken.add(name)) {
      errors.add(FieldError.duplicate(path, '"' + name + '"'));
    }
  }
}
