package dev.slipway.demo.cluster.control.volume;

import dev.slipway.demo.cluster.control.loop.ClusterView;
import dev.slipway.demo.cluster.control.loop.EventLog;
import dev.slipway.demo.cluster.control.loop.Key;
import dev.slipway.demo.cluster.control.loop.PodFacts;
import dev.slipway.demo.cluster.control.loop.WorkQueue;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives claims of our class a volume, and takes the volume away when its claim is gone. What a
 * volume holds is the node's business: a directory that it names after the claim's uid.
 */
public final class ClaimController implements AutoCloseable {
  private final KubernetesClient client;
  private final ClusterView view;
  private final EventLog.Voice events;
  private final WorkQueue claims = new WorkQueue("claims", 2, this::lookAtClaim);
  private final WorkQueue volumes = new WorkQueue("volumes", 2, this::lookAtVolume);

  /** Listens to the view; works as soon as the view has started. */
  public ClaimController(KubernetesClient client, ClusterView view, EventLog events) {
    this.client = client;
    this.view = view;
    this.events = events.as("persistentvolume-controller");
    view.of(PersistentVolumeClaim.class).listen(this::claimChanged);
    view.of(PersistentVolume.class).listen(this::volumeChanged);
    view.of(StorageClass.class)
        .listen(
            (_, _) ->
                view.of(PersistentVolumeClaim.class)
                    .all()
                    .forEach(claim -> claims.request(Key.of(claim))));
    view.of(Pod.class).listen(this::podChanged);
  }

  private void claimChanged(
      @Nullable PersistentVolumeClaim before, @Nullable PersistentVolumeClaim after) {
    if (after != null) {
      claims.request(Key.of(after));
    } else if (before != null) {
      volumes.request(new Key("", volumeName(before)));
    }
  }

  private void volumeChanged(@Nullable PersistentVolume before, @Nullable PersistentVolume after) {
    if (after != null) {
      volumes.request(Key.of(after));
      var claim = after.getSpec().getClaimRef();
      if (claim != null) {
        claims.request(new Key(claim.getNamespace(), claim.getName()));
      }
    }
  }

  /** A claim that is to go waits for its last pod. */
  private void podChanged(@Nullable Pod before, @Nullable Pod after) {
    if (before != null && (after == null || PodFacts.isFinished(after))) {
      var namespace = before.getMetadata().getNamespace();
      before.getSpec().getVolumes().stream()
          .filter(volume -> volume.getPersistentVolumeClaim() != null)
          .map(volume -> new Key(namespace, volume.getPersistentVolumeClaim().getClaimName()))
          .forEach(claims::request);
    }
  }

  private Optional<Duration> lookAtClaim(Key key) {
    view.of(PersistentVolumeClaim.class).get(key).ifPresent(this::advance);
    return Optional.empty();
  }

  private void advance(PersistentVolumeClaim claim) {
    var volume = view.of(PersistentVolume.class).get(new Key("", volumeName(claim)));
    switch (ClaimStep.of(claim, view.of(StorageClass.class).all(), volume, isUsed(claim))) {
      case NONE -> {}
      case WAIT_FOR_POD ->
          events.normal(
              claim,
              "WaitForFirstConsumer",
              "waiting for first consumer to be created before binding");
      case PROVISION -> provision(claim);
      case NAME_VOLUME -> nameVolume(claim);
      case TELL_BOUND -> tellBound(claim, volume.orElseThrow());
      case RELEASE -> release(claim);
    }
  }

  private boolean isUsed(PersistentVolumeClaim claim) {
    var name = claim.getMetadata().getName();
    return view.of(Pod.class).in(claim.getMetadata().getNamespace()).stream()
        .filter(pod -> !PodFacts.isFinished(pod))
        .flatMap(pod -> pod.getSpec().getVolumes().stream())
        .anyMatch(
            volume ->
                volume.getPersistentVolumeClaim() != null
                    && name.equals(volume.getPersistentVolumeClaim().getClaimName()));
  }

  private void provision(PersistentVolumeClaim claim) {
    try {
      client.resource(volume(claim)).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      return; // made a moment ago; the watch brings it
    }
    events.normal(
        claim, "ProvisioningSucceeded", "Successfully provisioned volume " + volumeName(claim));
  }

  private static PersistentVolume volume(PersistentVolumeClaim claim) {
    var metadata = claim.getMetadata();
    return new PersistentVolumeBuilder()
        .withNewMetadata()
        .withName(volumeName(claim))
        .addToAnnotations("pv.kubernetes.io/provisioned-by", StandardClass.PROVISIONER)
        .endMetadata()
        .withNewSpec()
        .withAccessModes(claim.getSpec().getAccessModes())
        .withCapacity(claim.getSpec().getResources().getRequests())
        .withNewClaimRef()
        .withApiVersion("v1")
        .withKind("PersistentVolumeClaim")
        .withNamespace(metadata.getNamespace())
        .withName(metadata.getName())
        .withUid(metadata.getUid())
        .endClaimRef()
        .withNewHostPath("/claims/" + metadata.getUid(), "DirectoryOrCreate")
        .withPersistentVolumeReclaimPolicy("Delete")
        .withStorageClassName(claim.getSpec().getStorageClassName())
        .withVolumeMode("Filesystem")
        .endSpec()
        .build();
  }

  private void nameVolume(PersistentVolumeClaim claim) {
    client
        .resource(
            new PersistentVolumeClaimBuilder(claim)
                .editMetadata()
                .addToAnnotations(
                    Map.of(
                        "pv.kubernetes.io/bind-completed", "yes",
                        "pv.kubernetes.io/bound-by-controller", "yes",
                        "volume.kubernetes.io/storage-provisioner", StandardClass.PROVISIONER))
                .endMetadata()
                .editSpec()
                .withVolumeName(volumeName(claim))
                .endSpec()
                .build())
        .update();
  }

  private void tellBound(PersistentVolumeClaim claim, PersistentVolume volume) {
    if (volume.getStatus() == null || !"Bound".equals(volume.getStatus().getPhase())) {
      client
          .resource(
              new PersistentVolumeBuilder(volume)
                  .withNewStatus()
                  .withPhase("Bound")
                  .endStatus()
                  .build())
          .updateStatus();
    }
    client
        .resource(
            new PersistentVolumeClaimBuilder(claim)
                .withNewStatus()
                .withPhase("Bound")
                .withAccessModes(volume.getSpec().getAccessModes())
                .withCapacity(volume.getSpec().getCapacity())
                .endStatus()
                .build())
        .updateStatus();
  }

  private void release(PersistentVolumeClaim claim) {
    client
        .resource(
            new PersistentVolumeClaimBuilder(claim)
                .editMetadata()
                .removeFromFinalizers(ClaimStep.PROTECTION)
                .endMetadata()
                .build())
        .update();
  }

  private Optional<Duration> lookAtVolume(Key key) {
    view.of(PersistentVolume.class)
        .get(key)
        .filter(volume -> isOurs(volume) && claimIsGone(volume))
        .ifPresent(this::remove);
    return Optional.empty();
  }

  private static boolean isOurs(PersistentVolume volume) {
    var annotations = volume.getMetadata().getAnnotations();
    return annotations != null
        && StandardClass.PROVISIONER.equals(annotations.get("pv.kubernetes.io/provisioned-by"));
  }

  private boolean claimIsGone(PersistentVolume volume) {
    var reference = volume.getSpec().getClaimRef();
    return reference == null
        || view.of(PersistentVolumeClaim.class)
            .get(new Key(reference.getNamespace(), reference.getName()))
            .filter(claim -> claim.getMetadata().getUid().equals(reference.getUid()))
            .isEmpty();
  }

  private void remove(PersistentVolume volume) {
    if (volume.getMetadata().getDeletionTimestamp() == null) {
      client.resource(volume).delete();
    } else if (!volume.getMetadata().getFinalizers().isEmpty()) {
      client
          .resource(
              new PersistentVolumeBuilder(volume)
                  .editMetadata()
                  .removeFromFinalizers("kubernetes.io/pv-protection")
                  .endMetadata()
                  .build())
          .update();
    }
  }

  private static String volumeName(PersistentVolumeClaim claim) {
    return "pvc-" + claim.getMetadata().getUid();
  }

  @Override
  public void close() {
    claims.close();
    volumes.close();
  }
}
