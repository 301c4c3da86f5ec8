package dev.slipway.hooks.deploy;

import dev.slipway.crd.Remote;
import dev.slipway.hooks.kube.ApiCalls;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Sets images on Deployments.
 *
 * <p>By a strategic merge patch: it names containers, not positions, and leaves every other field
 * to whoever owns it. It carries the resourceVersion that was read, so that what is remembered for
 * putting back is exactly what was there.
 */
final class TargetImages {
  private static final String COMMIT = Remote.GROUP + "/commit";
  private static final String CAUSE = "kubernetes.io/change-cause";
  private static final String FIELD_MANAGER = "slipway-gitd";

  private final KubernetesClient client;
  private final ApiCalls api;
  private final String namespace;

  TargetImages(KubernetesClient client, ApiCalls api, String namespace) {
    this.client = client;
    this.api = api;
    this.namespace = namespace;
  }

  /**
   * Sets the images.
   *
   * @param images by container
   */
  ImageChange set(String deployment, Map<String, String> images, String commit, String cause)
      throws InterruptedException {
    return api.call(
        () -> {
          Deployment now = read(deployment);
          Map<String, @Nullable String> annotations = new HashMap<>();
          annotations.put(COMMIT, commit);
          annotations.put(CAUSE, cause);
          Map<String, @Nullable String> former = new HashMap<>();
          annotations.keySet().forEach(key -> former.put(key, annotation(now, key)));
          Map<String, String> before = images(now);
          before.keySet().retainAll(images.keySet());
          Deployment changed = patch(now, images, annotations);
          return new ImageChange(changed, before, new TreeMap<>(images), former);
        });
  }

  /**
   * Puts back what was there.
   *
   * @return the change back; empty when somebody else has set other images meanwhile, which stay,
   *     or the Deployment is gone
   */
  Optional<ImageChange> restore(ImageChange change) throws InterruptedException {
    return api.call(
        () -> {
          Deployment now = deployment(change.name()).get();
          if (now == null) {
            return Optional.<ImageChange>empty();
          }
          Map<String, String> present = images(now);
          present.keySet().retainAll(change.after().keySet());
          if (!present.equals(change.after())) {
            return Optional.<ImageChange>empty();
          }
          Deployment restored = patch(now, change.before(), change.annotationsBefore());
          return Optional.of(change.reversed(restored));
        });
  }

  private Deployment patch(
      Deployment now, Map<String, String> images, Map<String, @Nullable String> annotations) {
    List<Map<String, String>> containers =
        images.entrySet().stream()
            .map(image -> Map.of("name", image.getKey(), "image", image.getValue()))
            .toList();
    Map<String, Object> patch =
        Map.of(
            "metadata",
            Map.of(
                "resourceVersion",
                now.getMetadata().getResourceVersion(),
                "annotations",
                annotations),
            "spec",
            Map.of("template", Map.of("spec", Map.of("containers", containers))));
    PatchContext context =
        new PatchContext.Builder()
            .withPatchType(PatchType.STRATEGIC_MERGE)
            .withFieldManager(FIELD_MANAGER)
            .build();
    return deployment(now.getMetadata().getName()).patch(context, Serialization.asJson(patch));
  }

  private Deployment read(String name) {
    Deployment deployment = deployment(name).get();
    if (deployment == null) {
      throw new KubernetesClientException("Deployment %s is gone".formatted(name), 404, null);
    }
    return deployment;
  }

  private RollableScalableResource<Deployment> deployment(String name) {
    return client.apps().deployments().inNamespace(namespace).withName(name);
  }

  private static Map<String, String> images(Deployment deployment) {
    Map<String, String> images = new TreeMap<>();
    for (Container container : deployment.getSpec().getTemplate().getSpec().getContainers()) {
      images.put(container.getName(), container.getImage());
    }
    return images;
  }

  private static @Nullable String annotation(Deployment deployment, String key) {
    Map<String, String> annotations = deployment.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(key);
  }
}
