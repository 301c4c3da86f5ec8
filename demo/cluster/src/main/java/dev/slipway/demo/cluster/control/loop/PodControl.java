package dev.slipway.demo.cluster.control.loop;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Creates and deletes the pods of an owner, says so in events, and expects to see it happen. */
public record PodControl(
    KubernetesClient client, EventLog.Voice events, Expectations expectations) {
  /**
   * Notes a change of a pod, which may be one that was expected.
   *
   * @return its owner, if one of this kind controls it
   */
  public Optional<Key> see(String ownersKind, @Nullable Pod before, @Nullable Pod after) {
    var pod = after == null ? before : after;
    var owner =
        Optional.ofNullable(pod).flatMap(known -> Ownership.controllerOf(known, ownersKind));
    if (pod != null && owner.isPresent()) {
      if (before == null) {
        expectations.creationSeen(owner.get());
      }
      if (after == null || PodFacts.isTerminating(after)) {
        expectations.changeSeen(owner.get(), pod.getMetadata().getUid());
      }
    }
    return owner;
  }

  /**
   * Creates this many pods, stopping at the first refusal: what is refused once is refused for the
   * others too.
   *
   * @return the refusal
   */
  public Optional<KubernetesClientException> create(
      HasMetadata owner, PodTemplateSpec template, Set<String> finalizers, int count) {
    return create(owner, Collections.nCopies(count, pod(owner, template, finalizers)));
  }

  /**
   * Creates one pod.
   *
   * @return the refusal
   */
  public Optional<KubernetesClientException> create(HasMetadata owner, Pod pod) {
    return create(owner, List.of(pod));
  }

  private Optional<KubernetesClientException> create(HasMetadata owner, List<Pod> pods) {
    if (pods.isEmpty()) {
      return Optional.empty();
    }
    var key = Key.of(owner);
    int left = pods.size();
    expectations.expectCreations(key, left);
    try {
      for (var pod : pods) {
        var created = client.resource(pod).create();
        left--;
        events.normal(owner, "SuccessfulCreate", "Created pod: " + created.getMetadata().getName());
      }
      return Optional.empty();
    } catch (KubernetesClientException e) {
      events.warning(owner, "FailedCreate", "Error creating: " + sentence(e));
      return Optional.of(e);
    } finally {
      for (; left > 0; left--) {
        expectations.creationSeen(key);
      }
    }
  }

  /**
   * Deletes pods.
   *
   * @return the first refusal
   */
  public Optional<KubernetesClientException> delete(HasMetadata owner, Collection<Pod> pods) {
    Optional<KubernetesClientException> refusal = Optional.empty();
    for (var pod : pods) {
      var deleted = delete(owner, pod);
      refusal = refusal.isPresent() ? refusal : deleted;
    }
    return refusal;
  }

  private Optional<KubernetesClientException> delete(HasMetadata owner, Pod pod) {
    var key = Key.of(owner);
    var uid = pod.getMetadata().getUid();
    expectations.expectChange(key, uid);
    try {
      client.resource(pod).delete();
      events.normal(owner, "SuccessfulDelete", "Deleted pod: " + pod.getMetadata().getName());
      return Optional.empty();
    } catch (KubernetesClientException e) {
      expectations.changeSeen(key, uid);
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return Optional.empty();
      }
      events.warning(owner, "FailedDelete", "Error deleting: " + sentence(e));
      return Optional.of(e);
    }
  }

  /** The API's own sentence, without the client's words around it. */
  public static String sentence(KubernetesClientException e) {
    var status = e.getStatus();
    var message = status == null ? null : status.getMessage();
    return message == null ? String.valueOf(e.getMessage()) : message;
  }

  private static Pod pod(HasMetadata owner, PodTemplateSpec template, Set<String> finalizers) {
    var metadata = template.getMetadata();
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace(owner.getMetadata().getNamespace())
        .withGenerateName(owner.getMetadata().getName() + "-")
        .withLabels(metadata == null ? null : metadata.getLabels())
        .withAnnotations(metadata == null ? null : metadata.getAnnotations())
        .withFinalizers(List.copyOf(finalizers))
        .withOwnerReferences(Ownership.controlledBy(owner))
        .endMetadata()
        .withSpec(template.getSpec())
        .build();
  }
}
