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
import io.javaoperatorsdk.operator.processing.event.EventSourceRetriever;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Applies the objects of one Remote that are not as they were applied last, each on its own: one
 * that the API refuses keeps none of the others back. An apply that changes nothing is no write for
 * the API server and gives no event.
 */
public final class Dependents {
  /** The field manager by which the cluster knows what the controller has set. */
  public static final String FIELD_MANAGER = "slipway-controller";

  private final KubernetesClient client;
  private final Remote remote;
  private final EventSourceRetriever<Remote> owned;
  private final List<Finding> findings = new ArrayList<>();
  private boolean silent;

  private Dependents(KubernetesClient client, Remote remote, EventSourceRetriever<Remote> owned) {
    this.client = client;
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
        applyOnce(
            desired.hostKey(),
            bare -> new SecretBuilder(bare).withData(HostKey.generate()).build());
    PersistentVolumeClaim repository = desired.repository();
    Optional<PersistentVolumeClaim> volume =
        applyOnce(
            new PersistentVolumeClaimBuilder(repository).withSpec(null).build(),
            bare -> repository);
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

  private <T extends HasMetadata> Optional<T> applyAlways(T object) {
    return applied(object, this::serverSideApply);
  }

  /**
   * For what is filled when it is made and never again.
   *
   * @param bare what is kept as it should be for ever: everything but the content
   */
  private <T extends HasMetadata> Optional<T> applyOnce(T bare, UnaryOperator<T> fill) {
    // Not applied: a later apply without the content would then take the content away.
    return applied(bare, object -> client.resource(fill.apply(object)).create());
  }

  private <T extends HasMetadata> Optional<T> applied(T object, UnaryOperator<T> make) {
    OwnedObjects<T> kind = kind(object);
    String digest = digest(object);
    return kind.unchangedSince(object, digest)
        .or(
            () ->
                guarded(
                    object,
                    () -> {
                      Optional<T> existing = Optional.ofNullable(client.resource(object).get());
                      if (existing.isPresent() && !mayTake(existing.get(), object)) {
                        return Optional.empty();
                      }
                      T after = existing.isPresent() ? serverSideApply(object) : make.apply(object);
                      kind.settle(existing, after, digest);
                      return Optional.of(after);
                    }));
  }

  @SuppressWarnings("unchecked") // The object's class is what the source was made with.
  private <T extends HasMetadata> OwnedObjects<T> kind(T object) {
    return (OwnedObjects<T>)
        owned.getEventSourceFor(object.getClass(), OwnedObjects.name(object.getClass()));
  }

  private String digest(HasMetadata object) {
    String json = client.getKubernetesSerialization().asJson(object);
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private <T extends HasMetadata> T serverSideApply(T object) {
    return client.resource(object).fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
  }

  /** Whether an object that exists is this Remote's own and not somebody else's. */
  private boolean mayTake(HasMetadata existing, HasMetadata desired) {
    String uid = remote.getMetadata().getUid();
    boolean own =
        existing.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> owner.getUid().equals(uid))
            || wasLeft(existing, desired);
    if (!own) {
      findings.add(
          Finding.blocking(
              "NameTaken",
              named(existing)
                  + " exists and does not belong to this Remote: delete it, or give the Remote"
                  + " another name."));
    }
    return own;
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
