package dev.slipway.gitd.scale;

import dev.slipway.crd.Remote;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;

/**
 * Says how many gitds Remotes shall have, by the subresource scale: a right on it is a right on
 * this number and on nothing else of a Remote.
 */
public final class RemoteScale {
  private static final int ANSWER_WITHIN_MILLIS = 5000;

  private final KubernetesClient client;

  /**
   * @param patient of which a copy is used that tries once: somebody waits at a closed door
   */
  public RemoteScale(KubernetesClient patient) {
    RequestConfig once =
        new RequestConfigBuilder(patient.getConfiguration().getRequestConfig())
            .withRequestRetryBackoffLimit(0)
            .withRequestTimeout(ANSWER_WITHIN_MILLIS)
            .build();
    this.client = patient.newClient(once).adapt(KubernetesClient.class);
  }

  /** Asks the controller for a gitd. */
  public void wake(String namespace, String name) throws IOException {
    set(namespace, name, 1);
  }

  /** Asks the controller for none. */
  public void putToSleep(String namespace, String name) throws IOException {
    set(namespace, name, 0);
  }

  private void set(String namespace, String name, int replicas) throws IOException {
    // Given, since it would be read otherwise, which needs a right more.
    Remote bare = new Remote();
    bare.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
    try {
      var _ =
          client
              .resource(bare)
              .subresource("scale")
              .patch(
                  PatchContext.of(PatchType.JSON_MERGE),
                  "{\"spec\":{\"replicas\":" + replicas + "}}");
    } catch (KubernetesClientException e) {
      throw new IOException("the API does not take the scale of the Remote", e);
    }
  }
}
