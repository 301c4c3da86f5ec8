package dev.slipway.demo.cluster;

import dev.slipway.demo.cluster.api.fault.Faults;
import dev.slipway.demo.cluster.api.rbac.UsedRights;

/**
 * The API of a cluster: the embedded one, or a real kube-apiserver. Everybody else knows it only as
 * a client, by the cluster's certificates.
 */
public interface ClusterApi extends AutoCloseable {
  /** Its address, such as {@code https://127.0.0.1:40123}. */
  String url();

  /** What a test makes go wrong. */
  Faults faults();

  /** What ServiceAccounts have needed of their rights since the start. */
  UsedRights usedRights();

  @Override
  void close();
}
