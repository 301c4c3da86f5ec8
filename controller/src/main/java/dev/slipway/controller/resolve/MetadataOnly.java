package dev.slipway.controller.resolve;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;

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
        .withKubernetesSerialization(readingNullAsNothing())
        .withHttpClientBuilderConsumer(
            http -> http.addOrReplaceInterceptor("metadata-only", new MetadataOnly()))
        .build();
  }

  /** A list of no metadata has null for its items, at which an informer would end. */
  private static KubernetesSerialization readingNullAsNothing() {
    ObjectMapper mapper = new ObjectMapper();
    mapper.configOverride(List.class).setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
    var kinds = new KubernetesSerialization(mapper, /* searchClassloaders= */ false);
    // Else a watch whose history is gone (410) would go on asking for that history.
    kinds.registerKubernetesResource(Status.class);
    return kinds;
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
