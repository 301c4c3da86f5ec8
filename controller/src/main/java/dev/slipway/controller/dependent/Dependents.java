package dev.slipway.controller.dependent;

import dev.slipway.controller.check.ApiFailure;
import dev.slipway.controller.check.Finding;
import dev.slipway.controller.model.DesiredState;
import dev.slipway.crd.Remote;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.processing.event.EventSourceRetriever;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * Applies the objects of one Remote that are not as desired, each on its own: one that the API
 * refuses keeps none of the others back.
 */
public final class Dependents {
  /** The field manager by which the cluster knows what the controller has set. */
  public static final String FIELD_MANAGER = "slipway-controller";

  /** Older than that of any object. */
  private static final String NO_VERSION = "1";

  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(FIELD_MANAGER)
          .withForce(true)
          .build();

  private final KubernetesClient client;
  private final KubernetesSerialization json;
  private final Remote remote;
  private final EventSourceRetriever<Remote> owned;
  private final List<Finding> findings = new ArrayList<>();
  private boolean silent;

  private Dependents(KubernetesClient client, Remote remote, EventSourceRetriever<Remote> owned) {
    this.client = client;
    this.json = client.getKubernetesSerialization();
    this.remote = remote;
    this.owned = owned;
  }

  /**
   * Applies what should exist.
   *
   * @param owned has {@link OwnedObjects} for each kind
   */
  public static Applied apply(
      KubernetesClient client,
      Remote remote,
      DesiredState desired,
      EventSourceRetriever<Remote> owned) {
    return new Dependents(client, remote, owned).apply(desired);
  }

  private Applied apply(DesiredState desired) {
    // First of all: a key that was revoked must not wait for what has nothing to do with it.
    applyAlways(desired.others().getFirst());
    if (silent) {
      return new Applied(Optional.empty(), Optional.empty(), Optional.empty(), findings, List.of());
    }
    Optional<Secret> hostKey =
        applied(
            desired.hostKey(),
            bare -> new SecretBuilder(bare).withData(HostKey.generate()).build(),
            (bare, existing) -> new SecretBuilder(bare).withData(existing.getData()).build());
    PersistentVolumeClaim repository = desired.repository();
    Optional<PersistentVolumeClaim> volume =
        applied(
            new PersistentVolumeClaimBuilder(repository).withSpec(null).build(),
            _ -> repository,
            Dependents::withSpecOf);
    Optional<Service> ssh = Optional.empty();
    Optional<Deployment> gitd = Optional.empty();
    for (HasMetadata object : desired.others().subList(1, desired.others().size())) {
      Optional<HasMetadata> applied = applyAlways(object);
      boolean namedLikeGitd = object.getMetadata().getName().equals(desired.names().gitd());
      if (namedLikeGitd && applied.orElse(null) instanceof Service it) {
        ssh = Optional.of(it);
      } else if (applied.orElse(null) instanceof Deployment it) {
        gitd = Optional.of(it);
      }
    }
    return new Applied(
        hostKey.flatMap(HostKey::publicKey),
        ssh,
        gitd,
        findings,
        volume.map(it -> StorageChange.findings(repository, it)).orElse(List.of()));
  }

  /** Of just that version: somebody may be about to enlarge the volume. */
  private static PersistentVolumeClaim withSpecOf(
      PersistentVolumeClaim bare, PersistentVolumeClaim existing) {
    return new PersistentVolumeClaimBuilder(bare)
        .editMetadata()
        .withResourceVersion(existing.getMetadata().getResourceVersion())
        .endMetadata()
        .withSpec(existing.getSpec())
        .build();
  }

  private <T extends HasMetadata> Optional<T> applyAlways(T object) {
    return applied(object, UnaryOperator.identity(), (desired, existing) -> desired);
  }

  /**
   * Applies what is not as desired. What cannot be seen is made if its name is free, which the API
   * alone can tell; else it is looked at first.
   *
   * @param fill gives a new object what is written once
   * @param keep gives the object what is written already: what is not applied again goes away
   */
  private <T extends HasMetadata> Optional<T> applied(
      T object, UnaryOperator<T> fill, BinaryOperator<T> keep) {
    OwnedObjects<T> kind = kind(object);
    String fingerprint = Fingerprint.of(object, json);
    return kind.asDesired(object, fingerprint)
        .or(
            () ->
                guarded(
                    object,
                    () -> {
                      if (!kind.has(object)) {
                        Optional<T> made = made(kind, fill.apply(object), fingerprint);
                        if (made.isPresent()) {
                          return made;
                        }
                      }
                      Optional<T> existing = Optional.ofNullable(client.resource(object).get());
                      if (existing.isPresent() && !mayTake(existing.get(), object)) {
                        return Optional.empty();
                      }
                      T filled =
                          existing
                              .map(it -> keep.apply(object, it))
                              .orElseGet(() -> fill.apply(object));
                      return Optional.of(
                          kind.apply(filled, existing, fingerprint, this::serverSideApply));
                    }));
  }

  /**
   * The object as it was made; empty where its name is taken, by whomever. An apply that names a
   * version makes an object that is not there, and is refused where there is one of another
   * version; JOSDK's own dependent resources are made so too.
   */
  private <T extends HasMetadata> Optional<T> made(
      OwnedObjects<T> kind, T object, String fingerprint) {
    object.getMetadata().setResourceVersion(NO_VERSION);
    try {
      return Optional.of(kind.apply(object, Optional.empty(), fingerprint, this::serverSideApply));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return Optional.empty();
      }
      throw e;
    } finally {
      object.getMetadata().setResourceVersion(null);
    }
  }

  @SuppressWarnings("unchecked") // The object's class is what the source was made with.
  private <T extends HasMetadata> OwnedObjects<T> kind(T object) {
    return (OwnedObjects<T>)
        owned.getEventSourceFor(object.getClass(), OwnedObjects.name(object.getClass()));
  }

  @SuppressWarnings("unchecked") // It is the object's own class.
  private <T extends HasMetadata> T serverSideApply(T object) {
    // As text, for its name alone: the client reads and writes once more what else it is given.
    Map<String, String> name =
        Map.of(
            "name", object.getMetadata().getName(),
            "namespace", object.getMetadata().getNamespace());
    T named = json.convertValue(Map.of("metadata", name), (Class<T>) object.getClass());
    return client.resource(named).patch(APPLY, json.asJson(object));
  }

  /** Whether an object that exists is this Remote's own and not somebody else's. */
  private boolean mayTake(HasMetadata existing, HasMetadata desired) {
    String uid = remote.getMetadata().getUid();
    boolean own =
        existing.getMetadata().getOwnerReferences().stream()
            .anyMatch(owner -> owner.getUid().equals(uid));
    if (own) {
      return true;
    }
    if (wasLeft(existing, desired)) {
      return isThere();
    }
    findings.add(
        Finding.blocking(
            "NameTaken",
            named(existing)
                + " exists and does not belong to this Remote: delete it, or give the Remote"
                + " another name."));
    return false;
  }

  /**
   * Whether it was made for a Remote of this name and is nobody's now: what was deleted without its
   * dependents leaves such objects, and backups bring such objects back.
   */
  private static boolean wasLeft(HasMetadata existing, HasMetadata desired) {
    Map<String, String> labels = existing.getMetadata().getLabels();
    return existing.getMetadata().getOwnerReferences().isEmpty()
        && labels != null
        && labels.entrySet().containsAll(desired.getMetadata().getLabels().entrySet());
  }

  /**
   * Whether the API has the Remote still, of whose end the watch may not have told yet: what a
   * Remote is being deleted without would be deleted after all if it were taken now.
   */
  private boolean isThere() {
    Remote now = client.resource(remote).get();
    return now != null
        && now.getMetadata().getUid().equals(remote.getMetadata().getUid())
        && now.getMetadata().getDeletionTimestamp() == null;
  }

  private <T> Optional<T> guarded(HasMetadata object, Attempt<T> attempt) {
    try {
      return attempt.run();
    } catch (KubernetesClientException e) {
      silent = ApiFailure.isSilence(e);
      findings.add(
          isAnswerToTheAuthor(e.getCode())
              ? Finding.blocking(
                  "Refused", "The cluster refuses " + named(object) + ": " + ApiFailure.sentence(e))
              : ApiFailure.finding(named(object) + " was not applied", e));
      return Optional.empty();
    }
  }

  /** Forbidden (quota, policy) and invalid; all else passes with a retry. */
  private static boolean isAnswerToTheAuthor(int code) {
    return code == 400 || code == 403 || code == 422;
  }

  private static String named(HasMetadata object) {
    return object.getKind() + " \"" + object.getMetadata().getName() + "\"";
  }

  @FunctionalInterface
  private interface Attempt<T> {
    Optional<T> run();
  }
}
