package dev.slipway.hooks.deploy;

import dev.slipway.crd.Remote;
import dev.slipway.crd.gitd.Workload;
import dev.slipway.hooks.kube.ApiCalls;
import dev.slipway.hooks.workload.LiveWorkload;
import dev.slipway.hooks.workload.Workloads;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sets images on workloads. A patch carries the resourceVersion that was read, so that what is
 * remembered for putting back is exactly what was there.
 */
final class TargetImages {
  private static final String COMMIT = Remote.GROUP + "/commit";
  private static final String DIGESTS = Remote.GROUP + "/digests";
  private static final String CAUSE = "kubernetes.io/change-cause";
  private static final String FIELD_MANAGER = "slipway-gitd";

  private final ApiCalls api;
  private final Workloads workloads;

  TargetImages(ApiCalls api, Workloads workloads) {
    this.api = api;
    this.workloads = workloads;
  }

  /** What a workload says about the push that it got its images from. */
  static Map<String, String> annotations(Release release) {
    return Map.of(COMMIT, release.commit(), DIGESTS, release.digests(), CAUSE, release.cause());
  }

  /**
   * Sets the images.
   *
   * @param images by container
   * @param marks annotations that say which push it was
   * @param pullSecret that the pod template names afterwards
   * @param intended told before anything is changed: of a change whose answer is lost nobody knows
   *     whether it was made
   */
  ImageChange set(
      Workload workload,
      Map<String, String> images,
      Map<String, String> marks,
      Optional<String> pullSecret,
      Consumer<ImageChange> intended)
      throws InterruptedException {
    AtomicReference<@Nullable ImageChange> known = new AtomicReference<>();
    return api.call(
        () -> {
          LiveWorkload now = read(workload);
          ImageChange change = known.get();
          // Tried again, what is there may be our own: then what was before stays what was before.
          if (change == null || !change.isOf(now)) {
            change = change(now, images, marks, pullSecret);
            known.set(change);
            intended.accept(change);
          }
          @Nullable String missing = change.addedPullSecret();
          return change.made(
              patch(
                  now,
                  ImagePatch.of(
                      now,
                      images,
                      missing == null ? List.of() : List.of(Map.of("name", missing)),
                      new HashMap<>(marks))));
        });
  }

  private static ImageChange change(
      LiveWorkload now,
      Map<String, String> images,
      Map<String, String> marks,
      Optional<String> pullSecret) {
    Map<String, @Nullable String> former = new HashMap<>();
    marks.keySet().forEach(key -> former.put(key, annotation(now, key)));
    Map<String, String> before = now.images();
    before.keySet().retainAll(images.keySet());
    @Nullable String missing = pullSecret.filter(it -> !pullSecrets(now).contains(it)).orElse(null);
    return new ImageChange(now, before, new TreeMap<>(images), missing, former);
  }

  /**
   * Puts back what was there.
   *
   * @return the change back; empty when somebody else has set other images meanwhile, which stay,
   *     or the workload is gone
   */
  Optional<ImageChange> restore(ImageChange change) throws InterruptedException {
    return api.call(
        () -> {
          Optional<LiveWorkload> found = workloads.find(change.live().workload());
          if (found.isEmpty() || !change.isOf(found.get())) {
            return Optional.<ImageChange>empty();
          }
          if (!ImageChange.runs(found.get(), change.after())) {
            return Optional.of(change.reversed(found.get()));
          }
          @Nullable String added = change.addedPullSecret();
          LiveWorkload restored =
              patch(
                  found.get(),
                  ImagePatch.of(
                      found.get(),
                      change.before(),
                      added == null
                          ? List.of()
                          : List.of(Map.of("name", added, "$patch", "delete")),
                      change.annotationsBefore()));
          return Optional.of(change.reversed(restored));
        });
  }

  private static List<String> pullSecrets(LiveWorkload workload) {
    return workload.podSpec().getImagePullSecrets().stream()
        .map(LocalObjectReference::getName)
        .toList();
  }

  private LiveWorkload patch(LiveWorkload now, Map<String, Object> content) {
    PatchContext context =
        new PatchContext.Builder()
            .withPatchType(PatchType.STRATEGIC_MERGE)
            .withFieldManager(FIELD_MANAGER)
            .build();
    String patch = Serialization.asJson(content);
    return LiveWorkload.of(workloads.resource(now.workload()).patch(context, patch));
  }

  private LiveWorkload read(Workload workload) {
    return workloads
        .find(workload)
        .orElseThrow(() -> new KubernetesClientException(workload.title() + " is gone", 404, null));
  }

  private static @Nullable String annotation(LiveWorkload workload, String key) {
    Map<String, String> annotations = workload.object().getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(key);
  }
}
