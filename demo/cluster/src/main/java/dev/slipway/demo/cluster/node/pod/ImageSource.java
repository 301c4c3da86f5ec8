package dev.slipway.demo.cluster.node.pod;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.slipway.demo.cluster.image.BusyboxImage;
import dev.slipway.demo.cluster.image.ImageReference;
import dev.slipway.demo.cluster.image.ImageReference.InvalidReference;
import dev.slipway.demo.cluster.image.PullFailed;
import dev.slipway.demo.cluster.image.RegistryCredentials;
import dev.slipway.demo.cluster.image.StoredImage;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gets the image of a container, and waits and tells as a kubelet does when it cannot be had. */
record ImageSource(
    PodHost host,
    ClusterObjects objects,
    PodRecord record,
    Container container,
    String field,
    Stop stop) {
  private static final Duration RETRY = Duration.ofSeconds(10);

  /** Tries until it is there; empty when the pod shall end first. */
  Optional<Rootfs> get() throws InterruptedException {
    var name = container.getImage();
    var system = host.systemImage(name);
    if (system.isPresent()) {
      var delay = Delays.pull(objects, record.pod());
      if (!delay.isZero()) {
        tell("Normal", "Pulling", "Pulling image \"" + name + "\"");
        stop.isAskedWithin(delay);
      }
      tell("Normal", "Pulled", "Container image \"" + name + "\" already present on machine");
      record.container(container.getName(), state -> state.withImage(name, name));
      return Optional.of(Rootfs.OfHost.of(system.get()));
    }
    var backOff = new BackOff();
    while (!stop.isAsked()) {
      try {
        return Optional.of(get(ImageReference.parse(name)));
      } catch (InvalidReference e) {
        var message =
            "Failed to apply default image tag \"%s\": couldn't parse image name \"%s\": %s"
                .formatted(name, name, e.getMessage());
        tell("Warning", "InspectFailed", message);
        fail("InvalidImageName", message);
        stop.isAskedWithin(host.scaled(RETRY));
      } catch (NeverPull e) {
        var message = "Container image \"" + name + "\" is not present with pull policy of Never";
        tell("Warning", "ErrImageNeverPull", message);
        fail("ErrImageNeverPull", message);
        stop.isAskedWithin(host.scaled(RETRY));
      } catch (PullFailed e) {
        tell("Warning", "Failed", "Failed to pull image \"" + name + "\": " + e.getMessage());
        fail("ErrImagePull", String.valueOf(e.getMessage()));
        backOff(name, String.valueOf(e.getMessage()), backOff.next());
      } catch (IOException e) {
        fail("ImageInspectError", "Failed to inspect image \"" + name + "\": " + e.getMessage());
        stop.isAskedWithin(host.scaled(RETRY));
      }
    }
    return Optional.empty();
  }

  /** A kubelet shows the error first and some seconds later that it waits. */
  private void backOff(String name, String error, Duration delay) throws InterruptedException {
    if (stop.isAskedWithin(host.scaled(delay.dividedBy(2)))) {
      return;
    }
    tell("Normal", "BackOff", "Back-off pulling image \"" + name + "\"");
    fail("ImagePullBackOff", "Back-off pulling image \"" + name + "\": ErrImagePull: " + error);
    stop.isAskedWithin(host.scaled(delay.dividedBy(2)));
  }

  private void fail(String reason, String message) {
    tell("Warning", "Failed", "Error: " + reason);
    record.container(
        container.getName(), state -> state.in(ContainerPhase.Waiting.because(reason, message)));
  }

  private static final class NeverPull extends Exception {
    NeverPull() {
      super("not present");
    }
  }

  private Rootfs get(ImageReference image)
      throws PullFailed, NeverPull, IOException, InterruptedException {
    var name = container.getImage();
    var credentials = credentials(); // a kubelet looks for them even when nothing is to be pulled
    var policy = policy(image);
    boolean ask = policy.equals("Always") && !BusyboxImage.contains(image);
    var present = ask ? Optional.<StoredImage>empty() : host.images().find(image);
    var delay = Delays.pull(objects, record.pod());
    if (present.isPresent() && delay.isZero()) {
      tell("Normal", "Pulled", "Container image \"" + name + "\" already present on machine");
    } else if (policy.equals("Never")) {
      throw new NeverPull();
    } else {
      var before = host.clock().instant();
      tell("Normal", "Pulling", "Pulling image \"" + name + "\"");
      stop.isAskedWithin(delay);
      if (present.isEmpty()) {
        present = Optional.of(host.images().pull(image, credentials));
      }
      var took = Duration.between(before, host.clock().instant()).toMillis();
      tell(
          "Normal",
          "Pulled",
          "Successfully pulled image \"%s\" in %s (%s including waiting). Image size: %d bytes."
              .formatted(name, millis(took), millis(took), present.get().size()));
    }
    var stored = present.get();
    record.container(container.getName(), state -> state.withImage(image.full(), stored.id()));
    return new Rootfs.OfLayers(stored.config(), stored.layers());
  }

  private static String millis(long time) {
    return time < 1000 ? time + "ms" : time / 1000 + "." + "%03d".formatted(time % 1000) + "s";
  }

  private String policy(ImageReference image) {
    return Optional.ofNullable(container.getImagePullPolicy())
        .orElseGet(() -> image.version().equals("latest") ? "Always" : "IfNotPresent");
  }

  private RegistryCredentials credentials() {
    var pod = record.pod();
    var namespace = pod.getMetadata().getNamespace();
    var all = RegistryCredentials.none();
    var missing = new ArrayList<String>();
    for (var name : secretNames(pod)) {
      var secret = objects.secret(namespace, name);
      var parsed = secret.flatMap(ImageSource::parse);
      if (parsed.isEmpty()) {
        missing.add(name);
      } else {
        all = all.and(parsed.get());
      }
    }
    if (!missing.isEmpty()) {
      host.events()
          .tell(
              pod,
              "",
              "Warning",
              "FailedToRetrieveImagePullSecret",
              "Unable to retrieve some image pull secrets (%s); attempting to pull the image may not succeed."
                  .formatted(String.join(", ", missing)));
    }
    return all;
  }

  private static List<String> secretNames(Pod pod) {
    return pod.getSpec().getImagePullSecrets().stream().map(LocalObjectReference::getName).toList();
  }

  private static Optional<RegistryCredentials> parse(Map<String, byte[]> secret) {
    for (var key : List.of(".dockerconfigjson", ".dockercfg")) {
      var content = secret.get(key);
      if (content != null) {
        try {
          return Optional.of(
              RegistryCredentials.parse(new String(content, StandardCharsets.UTF_8)));
        } catch (JsonProcessingException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private void tell(String type, String reason, String message) {
    host.events().tell(record.pod(), field, type, reason, message);
  }
}
