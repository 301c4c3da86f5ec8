package dev.slipway.demo.cluster.node.pod;

import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ProjectedVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the volumes show that are made from objects of the cluster, as it is now.
 *
 * @param address its own
 */
record VolumeContents(
    ClusterObjects objects, AccountTokens tokens, String address, String hostAddress) {
  private static final long TOKEN_SECONDS = 3600;
  private static final int READABLE = 0644;

  VolumeFiles of(Pod pod, Volume volume) throws ConfigError {
    if (volume.getSecret() != null) {
      var secret = volume.getSecret();
      return secret(
          pod,
          secret.getSecretName(),
          secret.getItems(),
          mode(secret.getDefaultMode()),
          secret.getOptional());
    }
    if (volume.getConfigMap() != null) {
      var map = volume.getConfigMap();
      return configMap(
          pod, map.getName(), map.getItems(), mode(map.getDefaultMode()), map.getOptional());
    }
    if (volume.getDownwardAPI() != null) {
      return downward(
          pod, volume.getDownwardAPI().getItems(), mode(volume.getDownwardAPI().getDefaultMode()));
    }
    if (volume.getProjected() != null) {
      return projected(pod, volume.getProjected());
    }
    throw new ConfigError("no volume plugin matched");
  }

  private VolumeFiles projected(Pod pod, ProjectedVolumeSource projected) throws ConfigError {
    var all = new VolumeFiles(Map.of());
    for (var source : projected.getSources()) {
      all = all.and(projection(pod, source, mode(projected.getDefaultMode())));
    }
    return all;
  }

  private VolumeFiles projection(Pod pod, VolumeProjection source, int mode) throws ConfigError {
    if (source.getSecret() != null) {
      var secret = source.getSecret();
      return secret(pod, secret.getName(), secret.getItems(), mode, secret.getOptional());
    }
    if (source.getConfigMap() != null) {
      var map = source.getConfigMap();
      return configMap(pod, map.getName(), map.getItems(), mode, map.getOptional());
    }
    if (source.getDownwardAPI() != null) {
      return downward(pod, source.getDownwardAPI().getItems(), mode);
    }
    if (source.getServiceAccountToken() != null) {
      var token = source.getServiceAccountToken();
      var text =
          tokens.get(
              Optional.ofNullable(token.getAudience()),
              Optional.ofNullable(token.getExpirationSeconds()).orElse(TOKEN_SECONDS));
      return file(token.getPath(), text, mode);
    }
    throw new ConfigError("unsupported projection");
  }

  private VolumeFiles secret(
      Pod pod, String name, @Nullable List<KeyToPath> items, int mode, @Nullable Boolean optional)
      throws ConfigError {
    var contents = objects.secret(pod.getMetadata().getNamespace(), name, optional);
    return VolumeFiles.of(contents, items, mode, Boolean.TRUE.equals(optional));
  }

  private VolumeFiles configMap(
      Pod pod, String name, @Nullable List<KeyToPath> items, int mode, @Nullable Boolean optional)
      throws ConfigError {
    var contents = objects.configMap(pod.getMetadata().getNamespace(), name, optional);
    return VolumeFiles.of(contents, items, mode, Boolean.TRUE.equals(optional));
  }

  private VolumeFiles downward(Pod pod, List<DownwardAPIVolumeFile> items, int mode)
      throws ConfigError {
    var all = new VolumeFiles(Map.of());
    for (var item : items) {
      if (item.getFieldRef() != null) {
        var value = PodFields.value(pod, item.getFieldRef().getFieldPath(), address, hostAddress);
        all = all.and(file(item.getPath(), value, mode));
      } else {
        var name = item.getResourceFieldRef().getContainerName();
        for (var container : pod.getSpec().getContainers()) {
          if (container.getName().equals(name)) {
            var value = PodFields.resource(container, item.getResourceFieldRef());
            all = all.and(file(item.getPath(), value, mode));
          }
        }
      }
    }
    return all;
  }

  private static VolumeFiles file(String path, String text, int mode) {
    var content = new VolumeFiles.Content(text.getBytes(StandardCharsets.UTF_8), mode);
    return new VolumeFiles(Map.of(path, content));
  }

  private static int mode(@Nullable Integer wanted) {
    return wanted == null ? READABLE : wanted;
  }
}
