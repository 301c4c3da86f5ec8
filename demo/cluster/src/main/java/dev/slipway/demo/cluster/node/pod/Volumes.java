package dev.slipway.demo.cluster.node.pod;

import dev.slipway.demo.cluster.node.container.Bind;
import dev.slipway.demo.cluster.node.container.Sandbox;
import dev.slipway.demo.cluster.process.Command;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a pod's volumes as directories of the host. */
final class Volumes {
  private static final Logger log = LoggerFactory.getLogger(Volumes.class);

  private final ClusterObjects objects;
  private final Path claims;
  private final Path directory;
  private final Sandbox sandbox;
  private final VolumeContents contents;
  private final Map<Volume, PublishedFiles> published = new ConcurrentHashMap<>();

  /**
   * @param claims where the contents of PersistentVolumeClaims are
   * @param directory of this pod's volumes
   */
  Volumes(
      ClusterObjects objects,
      Path claims,
      Path directory,
      Sandbox sandbox,
      VolumeContents contents) {
    this.objects = objects;
    this.claims = claims;
    this.directory = directory;
    this.sandbox = sandbox;
    this.contents = contents;
  }

  /** All volumes by name, each a directory. */
  Map<String, Path> make(Pod pod) throws MountFailed, IOException, InterruptedException {
    var made = new HashMap<String, Path>();
    var group = group(pod);
    for (var volume : pod.getSpec().getVolumes()) {
      try {
        made.put(volume.getName(), make(pod, volume, group));
      } catch (ConfigError e) {
        throw new MountFailed(volume.getName(), String.valueOf(e.getMessage()));
      }
    }
    return made;
  }

  private static Optional<Long> group(Pod pod) {
    return Optional.ofNullable(pod.getSpec().getSecurityContext())
        .map(context -> context.getFsGroup());
  }

  /** Shows what Secrets, ConfigMaps and tokens are now; what is gone stays as it was. */
  void refresh(Pod pod) throws IOException, InterruptedException {
    for (var volume : published.entrySet()) {
      try {
        volume.getValue().publish(contents.of(pod, volume.getKey()), group(pod));
      } catch (ConfigError e) {
        log.debug("Volume {} stays as it is: {}", volume.getKey().getName(), e.getMessage());
      }
    }
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
      published
          .computeIfAbsent(volume, _ -> new PublishedFiles(place))
          .publish(contents.of(pod, volume), group);
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
