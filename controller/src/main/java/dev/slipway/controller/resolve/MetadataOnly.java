package dev.slipway.controller.resolve;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;

/**
 * Asks the API to leave out all of an object but its metadata when it is listed or watched, so that
 * no content of a Secret is sent that nobody names.
 */
final class MetadataOnly implements Interceptor {
  private MetadataOnly() {}

  /** A client with the same rights; the caller closes it. */
  static KubernetesClient client(KubernetesClient whole) {
    return new KubernetesClientBuilder()
        .withConfig(whole.getConfiguration())
        .withKubernetesSerialization(whole.getKubernetesSerialization())
        .withHttpClientBuilderConsumer(
            http -> http.addOrReplaceInterceptor("metadata-only", new MetadataOnly()))
        .build();
  }

  /** A real API server answers 406 where an object is asked for as a list, or the other way. */
  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    String kind =
        request.uri().toString().contains("watch=true")
            ? "PartialObjectMetadata"
            : "PartialObjectMetadataList";
    builder.setHeader("Accept", "application/json;as=" + kind + ";g=meta.k8s.io;v=v1");
  }
}
