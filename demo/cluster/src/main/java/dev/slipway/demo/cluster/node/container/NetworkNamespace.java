package dev.slipway.demo.cluster.node.container;

/** Whose network a container sees. */
public enum NetworkNamespace {
  POD,
  HOST
}
