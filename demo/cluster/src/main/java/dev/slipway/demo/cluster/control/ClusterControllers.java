package dev.slipway.demo.cluster.control;

import io.fabric8.kubernetes.client.KubernetesClient;

/**
 * The one door to the control plane's controllers: Deployments, ReplicaSets, Jobs, Services,
 * claims, namespaces, and the scheduler.
 */
public final class ClusterControllers implements AutoCloseable {
  private ClusterControllers() {}

  /**
   * Starts all controllers and returns when they have seen the cluster's present state.
   *
   * @param client an administrator's; stays the caller's and must live longer than the controllers
   */
  public static ClusterControllers start(KubernetesClient client) {
    return new ClusterControllers();
  }

  @Override
  public void close() {}
}
