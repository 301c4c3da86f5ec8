package dev.slipway.demo.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** How clients read and write objects: learnt once, for all clusters of this process. */
final class Models {
  /** Every kind, as whoever has an object of an unknown kind needs it. */
  static final KubernetesSerialization ALL = new KubernetesSerialization();

  /**
   * The kinds that it is told of: with all, the first thing that a watch tells loads the models of
   * the whole of Kubernetes.
   */
  static final KubernetesSerialization FEW =
      new KubernetesSerialization(new ObjectMapper(), /* searchClassloaders= */ false);

  static {
    // Else a watch whose history is gone would go on asking for that history.
    FEW.registerKubernetesResource(Status.class);
  }

  private Models() {}
}
