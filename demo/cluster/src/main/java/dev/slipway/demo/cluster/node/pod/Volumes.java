package dev.slipway.demo.cluster.node.pod;

import dev.slipway.demo.cluster.node.container.Bind;
import dev.slipway.demo.cluster.node.container.Sandbox;
import dev.slipway.demo.cluster.process.Command;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ProjectedVolumeSource;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes a pod's volumes as directories of the host. */
final class Volumes {
  static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static final long TOKEN_SECONDS = 3607;
  private static final int READABLE = 0644;

  private final ClusterObjects objects;
  private final Path claims;
  private final Path directory;
  private final Sandbox sandbox;
  private final String address;
  private final String hostAddress;

  /**
   * @param claims where the contents of PersistentVolumeClaims are
   * @param directory of this pod's volumes
   */
  Volumes(
      ClusterObjects objects,
      Path claims,
      Path directory,
      Sandbox sandbox,
      String address,
      String hostAddress) {
    this.objects = objects;
    this.claims = claims;
    this.directory = directory;
    this.sandbox = sandbox;
    this.address = address;
    this.hostAddress = hostAddress;
  }

  /** All volumes by name, each a directory; the ServiceAccount's, if wanted, under its path. */
  Map<String, Path> make(Pod pod) throws MountFailed, IOException, InterruptedException {
    var made = new HashMap<String, Path>();
    var group =
        Optional.ofNullable(pod.getSpec().getSecurityContext())
            .map(context -> context.getFsGroup());
    for (var volume : pod.getSpec().getVolumes()) {
      try {
        made.put(volume.getName(), make(pod, volume, group));
      } catch (ConfigError e) {
        throw new MountFailed(volume.getName(), String.valueOf(e.getMessage()));
      }
    }
    if (wantsAccount(pod)) {
      var place = Files.createDirectories(directory.resolve("kube-api-access"));
      account(pod).writeTo(place, group);
      made.put(ACCOUNT, place);
    }
    return made;
  }

  private static boolean wantsAccount(Pod pod) {
    var mounted =
        pod.getSpec().getContainers().stream()
            .flatMap(container -> container.getVolumeMounts().stream())
            .anyMatch(mount -> mount.getMountPath().equals(ACCOUNT));
    return !mounted && !Boolean.FALSE.equals(pod.getSpec().getAutomountServiceAccountToken());
  }

  private Path make(Pod pod, Volume volume, Optional<Long> group)
      throws ConfigError, IOException, InterruptedException {
    var place = directory.resolve(volume.getName());
    if (volume.getPersistentVolumeClaim() != null) {
      var name = volume.getPersistentVolumeClaim().getClaimName();
      var uid =
          objects
              .claimUid(pod.getMetadata().getNamespace(), name)
              .orElseThrow(
                  () -> new ConfigError("persistentvolumeclaim \"" + name + "\" not found"));
      var claim = Files.createDirectories(claims.resolve(uid));
      give(claim, group);
      return claim;
    }
    Files.createDirectories(place);
    if (volume.getEmptyDir() != null) {
      emptyDir(place, volume.getEmptyDir(), group);
    } else {
      files(pod, volume).writeTo(place, group);
    }
    return place;
  }

  private void emptyDir(Path place, EmptyDirVolumeSource source, Optional<Long> group)
      throws IOException, InterruptedException {
    Files.setAttribute(place, "unix:mode", 0040777);
    give(place, group);
    if ("Memory".equals(source.getMedium())) {
      var options = new ArrayList<>(List.of("mode=777"));
      group.ifPresent(gid -> options.add("gid=" + gid));
      if (source.getSizeLimit() != null) {
        options.add("size=" + source.getSizeLimit().getNumericalAmount().toBigInteger());
      }
      sandbox.run(
          "mount", "-t", "tmpfs", "-o", String.join(",", options), "tmpfs", place.toString());
    }
  }

  /** Lets the pod's group write there, new files included, as fsGroup promises. */
  private static void give(Path place, Optional<Long> group)
      throws IOException, InterruptedException {
    if (group.isPresent()) {
      Command.of("chown", "-R", ":" + group.get(), place.toString()).runOrFail();
      Command.of("chmod", "-R", "g+rwX", place.toString()).runOrFail();
      Command.of("chmod", "g+s", place.toString()).runOrFail();
    }
  }

  private VolumeFiles files(Pod pod, Volume volume) throws ConfigError {
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
      return file(token.getPath(), token(pod, token), mode);
    }
    throw new ConfigError("unsupported projection");
  }

  private String token(Pod pod, ServiceAccountTokenProjection wanted) {
    return objects.token(
        pod.getMetadata().getNamespace(),
        accountName(pod),
        Optional.ofNullable(wanted.getAudience()),
        Optional.ofNullable(wanted.getExpirationSeconds()).orElse(TOKEN_SECONDS));
  }

  private VolumeFiles account(Pod pod) {
    var namespace = pod.getMetadata().getNamespace();
    var token = objects.token(namespace, accountName(pod), Optional.empty(), TOKEN_SECONDS);
    return file("token", token, READABLE)
        .and(file("ca.crt", objects.caCertificate(), READABLE))
        .and(file("namespace", namespace, READABLE));
  }

  private static String accountName(Pod pod) {
    return Optional.ofNullable(pod.getSpec().getServiceAccountName()).orElse("default");
  }

  private VolumeFiles secret(
      Pod pod, String name, @Nullable List<KeyToPath> items, int mode, @Nullable Boolean optional)
      throws ConfigError {
    var found = objects.secret(pod.getMetadata().getNamespace(), name);
    return keys(found, items, mode, optional, "secret \"" + name + "\" not found");
  }

  private VolumeFiles configMap(
      Pod pod, String name, @Nullable List<KeyToPath> items, int mode, @Nullable Boolean optional)
      throws ConfigError {
    var found = objects.configMap(pod.getMetadata().getNamespace(), name);
    return keys(found, items, mode, optional, "configmap \"" + name + "\" not found");
  }

  private static VolumeFiles keys(
      Optional<Map<String, byte[]>> found,
      @Nullable List<KeyToPath> items,
      int mode,
      @Nullable Boolean optional,
      String otherwise)
      throws ConfigError {
    boolean mayMiss = Boolean.TRUE.equals(optional);
    if (found.isEmpty() && !mayMiss) {
      throw new ConfigError(otherwise);
    }
    return VolumeFiles.of(found.orElseGet(Map::of), items, mode, mayMiss);
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

  /** Where a container sees the volumes. */
  static List<Bind> binds(Container container, Map<String, Path> volumes) throws ConfigError {
    var binds = new ArrayList<Bind>();
    for (var mount : container.getVolumeMounts()) {
      var volume = volumes.get(mount.getName());
      if (volume == null) {
        throw new ConfigError("volume \"" + mount.getName() + "\" not found");
      }
      binds.add(
          new Bind(
              source(volume, mount),
              mount.getMountPath(),
              Boolean.TRUE.equals(mount.getReadOnly())));
    }
    var account = volumes.get(ACCOUNT);
    if (account != null) {
      binds.add(new Bind(account, ACCOUNT, true));
    }
    return binds;
  }

  private static Path source(Path volume, VolumeMount mount) throws ConfigError {
    var subPath = mount.getSubPath();
    if (subPath == null || subPath.isEmpty()) {
      return volume;
    }
    try {
      var wanted = volume.resolve(subPath).normalize();
      if (!wanted.startsWith(volume)) {
        throw new ConfigError("must not contain '..'");
      }
      if (!Files.exists(wanted)) {
        Files.createDirectories(wanted);
      }
      // A link inside the volume must not lead out of it either.
      if (!wanted.toRealPath().startsWith(volume.toRealPath())) {
        throw new ConfigError(
            "failed to prepare subPath for volumeMount \"%s\"".formatted(mount.getName()));
      }
      return wanted;
    } catch (IOException e) {
      throw new ConfigError("failed to prepare subPath: " + e.getMessage());
    }
  }
}
