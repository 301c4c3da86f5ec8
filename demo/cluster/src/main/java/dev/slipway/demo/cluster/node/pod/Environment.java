package dev.slipway.demo.cluster.node.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Works out the environment of a container. */
record Environment(
    ClusterObjects objects, Pod pod, Container container, String address, String hostAddress) {
  /**
   * The variables in order; later ones win.
   *
   * @param image {@code NAME=value} of the image
   * @param cluster what every container gets
   */
  SequencedMap<String, String> variables(List<String> image, Map<String, String> cluster)
      throws ConfigError {
    var own = new LinkedHashMap<>(cluster);
    for (var source : container.getEnvFrom()) {
      own.putAll(all(source));
    }
    for (var variable : container.getEnv()) {
      var value = value(variable, own);
      if (value.isPresent()) {
        own.put(variable.getName(), value.get());
      }
    }
    var all = new LinkedHashMap<String, String>();
    for (var entry : image) {
      var parts = entry.split("=", 2);
      all.put(parts[0], parts.length == 2 ? parts[1] : "");
    }
    all.putAll(own);
    all.putIfAbsent("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    all.putIfAbsent(
        "HOSTNAME",
        Optional.ofNullable(pod.getSpec().getHostname()).orElse(pod.getMetadata().getName()));
    return all;
  }

  private Map<String, String> all(EnvFromSource source) throws ConfigError {
    var prefix = Optional.ofNullable(source.getPrefix()).orElse("");
    Map<String, byte[]> contents = Map.of();
    if (source.getSecretRef() != null) {
      var ref = source.getSecretRef();
      contents = objects.secret(namespace(), ref.getName(), ref.getOptional());
    } else if (source.getConfigMapRef() != null) {
      var ref = source.getConfigMapRef();
      contents = objects.configMap(namespace(), ref.getName(), ref.getOptional());
    }
    var variables = new LinkedHashMap<String, String>();
    contents.forEach((key, value) -> variables.put(prefix + key, text(value)));
    return variables;
  }

  private Optional<String> value(EnvVar variable, Map<String, String> sofar) throws ConfigError {
    var from = variable.getValueFrom();
    if (from == null) {
      var text = Optional.ofNullable(variable.getValue()).orElse("");
      return Optional.of(Variables.expand(text, sofar));
    }
    return referenced(from);
  }

  private Optional<String> referenced(EnvVarSource from) throws ConfigError {
    if (from.getFieldRef() != null) {
      return Optional.of(
          PodFields.value(pod, from.getFieldRef().getFieldPath(), address, hostAddress));
    }
    if (from.getResourceFieldRef() != null) {
      return Optional.of(PodFields.resource(container, from.getResourceFieldRef()));
    }
    if (from.getSecretKeyRef() != null) {
      var ref = from.getSecretKeyRef();
      var contents = objects.secret(namespace(), ref.getName(), ref.getOptional());
      return key(contents, ref.getKey(), ref.getOptional(), "Secret", ref.getName());
    }
    if (from.getConfigMapKeyRef() != null) {
      var ref = from.getConfigMapKeyRef();
      var contents = objects.configMap(namespace(), ref.getName(), ref.getOptional());
      return key(contents, ref.getKey(), ref.getOptional(), "ConfigMap", ref.getName());
    }
    throw new ConfigError("unsupported source of an environment variable");
  }

  private Optional<String> key(
      Map<String, byte[]> contents,
      String key,
      @Nullable Boolean optional,
      String kind,
      String name)
      throws ConfigError {
    var value = contents.get(key);
    if (value == null && !Boolean.TRUE.equals(optional)) {
      throw new ConfigError(
          "couldn't find key %s in %s %s/%s".formatted(key, kind, namespace(), name));
    }
    return Optional.ofNullable(value).map(Environment::text);
  }

  private String namespace() {
    return pod.getMetadata().getNamespace();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
