package dev.slipway.demo.cluster.api.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.policy.PodSecurityStandard.Level;
import dev.slipway.demo.cluster.api.resource.Admission;
import dev.slipway.demo.cluster.api.storage.Key;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.schema.Rejected;
import dev.slipway.demo.cluster.schema.ResourceName;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Refuses pods that their namespace's {@code pod-security.kubernetes.io} labels forbid, and warns
 * whoever writes what such pods will be made from.
 */
public record PodSecurityAdmission(Store store) implements Admission {
  private static final ResourceName NAMESPACES = new ResourceName("", "namespaces");
  private static final String LABEL = "pod-security.kubernetes.io/";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A level by name, with the version that messages show: {@code restricted:latest}. */
  private record Policy(Level level, String name) {
    static Optional<Policy> of(ApiObject namespace, String mode) {
      return Optional.ofNullable(namespace.labels().get(LABEL + mode))
          .map(level -> of(level, namespace.labels().get(LABEL + mode + "-version")));
    }

    private static Policy of(String level, @Nullable String version) {
      var name = level + ":" + (version == null ? "latest" : version);
      return switch (level) {
        case "privileged", "baseline", "restricted" ->
            new Policy(Level.valueOf(level.toUpperCase(Locale.ROOT)), name);
        // What cannot be read is taken for the strictest.
        default -> new Policy(Level.RESTRICTED, "restricted:latest");
      };
    }

    Optional<String> violations(JsonNode spec) {
      return PodSecurityStandard.violations(level, JSON.convertValue(spec, PodSpec.class))
          .map(found -> "PodSecurity \"" + name + "\": " + found);
    }
  }

  @Override
  public void admit(Attempt attempt) {
    var spec = podSpec(attempt);
    if (spec.isMissingNode() || !attempt.subresource().isEmpty()) {
      return;
    }
    var namespace = store.get(new Key(NAMESPACES, "", attempt.object().namespace()));
    if (namespace.isEmpty()) {
      return;
    }
    var enforced = Policy.of(namespace.get(), "enforce");
    if (attempt.type().kind().equals("Pod")) {
      enforced
          .flatMap(policy -> policy.violations(spec))
          .ifPresent(
              found -> {
                throw Rejected.forbidden(
                    attempt.type().resource(), attempt.object().name(), "violates " + found);
              });
    }
    Policy.of(namespace.get(), "warn")
        .or(() -> enforced)
        .flatMap(policy -> policy.violations(spec))
        .ifPresent(found -> attempt.warn().accept("would violate " + found));
  }

  private static JsonNode podSpec(Attempt attempt) {
    return switch (attempt.type().kind()) {
      case "Pod" -> attempt.object().at(attempt.before().isEmpty() ? "/spec" : "/none");
      case "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job" ->
          attempt.object().at("/spec/template/spec");
      case "CronJob" -> attempt.object().at("/spec/jobTemplate/spec/template/spec");
      default -> attempt.object().at("/none");
    };
  }
}
