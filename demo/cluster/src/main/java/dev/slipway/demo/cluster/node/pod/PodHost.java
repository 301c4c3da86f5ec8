package dev.slipway.demo.cluster.node.pod;

import dev.slipway.demo.cluster.control.loop.EventLog;
import dev.slipway.demo.cluster.image.ImageStore;
import dev.slipway.demo.cluster.image.SystemImage;
import dev.slipway.demo.cluster.node.net.HostsFiles;
import dev.slipway.demo.cluster.node.net.PodNetwork;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What all pods of the node share.
 *
 * @param directory of the node's pods, each below its uid
 * @param claims where the contents of PersistentVolumeClaims are
 * @param cgroup absolute path of the group that all containers are below
 * @param variables what every container finds in its environment
 * @param backOff factor on the delays between retries
 */
public record PodHost(
    KubernetesClient client,
    ImageStore images,
    List<SystemImage> systemImages,
    PodNetwork network,
    HostsFiles hosts,
    EventLog.Voice events,
    Path directory,
    Path claims,
    String cgroup,
    Map<String, String> variables,
    double backOff,
    Clock clock) {
  public PodHost {
    systemImages = List.copyOf(systemImages);
    variables = Map.copyOf(variables);
  }

  Optional<SystemImage> systemImage(String name) {
    return systemImages.stream().filter(image -> image.isNamed(name)).findFirst();
  }

  /** The delay as this node keeps it. */
  Duration scaled(Duration delay) {
    return Duration.ofMillis((long) (delay.toMillis() * backOff));
  }
}
