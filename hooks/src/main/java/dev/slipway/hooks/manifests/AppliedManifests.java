package dev.slipway.hooks.manifests;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.crd.gitd.Workload;
import dev.slipway.hooks.manifests.ManifestObjects.Answer;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one push has done to the objects of a namespace; it can be taken back. */
final class AppliedManifests {
  private static final Logger log = LoggerFactory.getLogger(AppliedManifests.class);

  private final ManifestObjects objects;
  private final List<Change> changes = new ArrayList<>();

  /**
   * @param before null when it was not there
   */
  private record Change(Manifest manifest, KindView.Kind kind, @Nullable ObjectNode before) {}

  AppliedManifests(ManifestObjects objects) {
    this.objects = objects;
  }

  /** To be called before the object is touched. */
  void remember(Manifest manifest, KindView.Kind kind, Optional<ObjectNode> before) {
    changes.add(new Change(manifest, kind, before.orElse(null)));
  }

  /** Brings every object back to what it was; goes on where one cannot be brought back. */
  RestoredManifests restore() throws InterruptedException {
    boolean all = true;
    List<Workload> workloads = new ArrayList<>();
    for (Change change : changes.reversed()) {
      try {
        Optional<ObjectNode> now = objects.find(change.manifest(), change.kind());
        restore(change, now);
        if (rollsBack(change, now)) {
          ManifestSet.workload(change.manifest()).ifPresent(workloads::add);
        }
      } catch (KubernetesClientException e) {
        log.error("{} could not be put back", change.manifest().title(), e);
        all = false;
      }
    }
    return new RestoredManifests(all, workloads);
  }

  private static boolean rollsBack(Change change, Optional<ObjectNode> now) {
    ObjectNode before = change.before();
    return before != null
        && (now.isEmpty()
            || !now.get()
                .at(ManifestDeployment.GENERATION)
                .equals(before.at(ManifestDeployment.GENERATION)));
  }

  private void restore(Change change, Optional<ObjectNode> now) throws InterruptedException {
    Manifest manifest = change.manifest();
    ObjectNode before = change.before();
    if (before == null) {
      objects.delete(manifest, change.kind());
    } else if (now.isEmpty()) {
      objects.create(new Manifest(manifest.where(), asNew(before)), change.kind());
    } else if (!now.get()
        .at("/metadata/resourceVersion")
        .equals(before.at("/metadata/resourceVersion"))) {
      // What was ours before, and what the push took over from others, with the former values.
      ObjectNode fields =
          OwnedFields.union(
              OwnedFields.of(before, ManifestObjects.FIELD_MANAGER),
              OwnedFields.of(now.get(), ManifestObjects.FIELD_MANAGER));
      Manifest former = new Manifest(manifest.where(), OwnedFields.extract(before, fields));
      Answer answer = objects.apply(former, change.kind(), /* force= */ true, /* dryRun= */ false);
      log.debug("{} is put back: {}", manifest.title(), answer.getClass().getSimpleName());
    }
  }

  private static ObjectNode asNew(ObjectNode before) {
    ObjectNode object = before.deepCopy();
    object.remove("status");
    if (object.path("metadata") instanceof ObjectNode metadata) {
      metadata.remove(
          List.of("creationTimestamp", "generation", "managedFields", "resourceVersion", "uid"));
    }
    return object;
  }
}
