package dev.slipway.demo.cluster.control.job;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.Map;

/** Lets pods go that were counted or that no Job counts any more. */
record TrackingFinalizer(KubernetesClient client) {
  /** Takes the finalizer away; a pod that is gone is fine. */
  void remove(Pod pod) {
    var left =
        pod.getMetadata().getFinalizers().stream()
            .filter(finalizer -> !finalizer.equals(JobPicture.FINALIZER))
            .toList();
    // The uid keeps a successor of the same name from being patched.
    var patch = Map.of("metadata", Map.of("uid", pod.getMetadata().getUid(), "finalizers", left));
    try {
      client
          .pods()
          .inNamespace(pod.getMetadata().getNamespace())
          .withName(pod.getMetadata().getName())
          .patch(PatchContext.of(PatchType.JSON_MERGE), Serialization.asJson(patch));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }
}
