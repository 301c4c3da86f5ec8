package dev.slipway.hooks.kube;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/**
 * Builds clients that know no kind by its name. Fabric8's own loads the models of every kind of
 * Kubernetes when the first watch tells something, and gitd keeps them as long as it lives; these
 * take the kind that was asked for.
 */
public final class LeanClient {
  private LeanClient() {}

  /** What is watched or read is of the type that the caller names. */
  public static KubernetesClientBuilder builder() {
    var kinds = new KubernetesSerialization(new ObjectMapper(), /* searchClassloaders= */ false);
    // Else a watch whose history is gone (410) would go on asking for that history.
    kinds.registerKubernetesResource(Status.class);
    return new KubernetesClientBuilder().withKubernetesSerialization(kinds);
  }
}
