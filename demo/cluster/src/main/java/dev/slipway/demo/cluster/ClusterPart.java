package dev.slipway.demo.cluster;

/**
 * Something that runs beside the API server for as long as the cluster does: controllers, a node.
 */
@FunctionalInterface
public interface ClusterPart {
  /**
   * Starts and returns at once or when ready.
   *
   * @return stops it and leaves nothing behind; called before the API server stops, in the reverse
   *     order of starting
   */
  AutoCloseable start(EmbeddedCluster cluster) throws Exception;
}
