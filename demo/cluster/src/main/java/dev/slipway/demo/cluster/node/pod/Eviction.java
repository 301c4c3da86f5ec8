package dev.slipway.demo.cluster.node.pod;

import dev.slipway.demo.cluster.process.Command;
import dev.slipway.demo.cluster.process.CommandFailed;
import dev.slipway.demo.cluster.process.Interruptible;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a pod whose files have outgrown its emptyDirs' or its containers' limits. */
final class Eviction {
  private static final Logger log = LoggerFactory.getLogger(Eviction.class);
  // A kubelet looks every ten seconds.
  private static final Duration PERIOD = Duration.ofSeconds(1);

  /** Bytes that may be below a directory, and what is said when there are more. */
  private record Limit(Path directory, long bytes, String message) {
    boolean isExceeded() throws InterruptedException {
      try {
        // What goes while it counts makes its exit code 1, its count is good nevertheless.
        var counted = Command.of("du", "-sxB1", directory.toString()).run().output();
        return !counted.isEmpty() && Long.parseLong(counted.split("\t", 2)[0]) > bytes;
      } catch (CommandFailed e) {
        log.warn("Cannot measure {}", directory, e);
        return false;
      }
    }
  }

  private Eviction() {}

  /** Watches from now on, until the pod shall end or the thread is interrupted. */
  static Thread watch(PodHost host, PodRecord record, PodFiles files, Stop stop) {
    var limits = limits(record.pod(), files);
    return Interruptible.start(
        "eviction",
        () -> {
          while (!limits.isEmpty() && !stop.isAskedWithin(PERIOD)) {
            for (var limit : limits) {
              if (limit.isExceeded() && record.fail("Evicted", limit.message())) {
                host.events().tell(record.pod(), "", "Warning", "Evicted", limit.message());
                stop.ask(Duration.ZERO);
              }
            }
          }
        });
  }

  private static List<Limit> limits(Pod pod, PodFiles files) {
    var limits = new ArrayList<Limit>();
    for (var volume : pod.getSpec().getVolumes()) {
      var source = volume.getEmptyDir();
      if (source != null && source.getSizeLimit() != null && !"Memory".equals(source.getMedium())) {
        limits.add(
            limit(
                files.volumes().resolve(volume.getName()),
                source.getSizeLimit(),
                "Usage of EmptyDir volume \"%s\" exceeds the limit \"%s\". ",
                volume.getName()));
      }
    }
    for (var container : pod.getSpec().getContainers()) {
      ephemeralStorage(container)
          .ifPresent(
              most ->
                  limits.add(
                      limit(
                          files.runs(container.getName()),
                          most,
                          "Container %s exceeded its local ephemeral storage limit \"%s\". ",
                          container.getName())));
    }
    return limits;
  }

  private static Limit limit(Path directory, Quantity most, String message, String name) {
    return new Limit(
        directory, most.getNumericalAmount().longValue(), message.formatted(name, most));
  }

  private static Optional<Quantity> ephemeralStorage(Container container) {
    return Optional.ofNullable(container.getResources())
        .map(ResourceRequirements::getLimits)
        .map(limits -> limits.get("ephemeral-storage"));
  }
}
