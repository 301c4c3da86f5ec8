package dev.slipway.demo.cluster.node;

import dev.slipway.demo.cluster.ClusterAddresses;
import dev.slipway.demo.cluster.image.SystemImage;
import dev.slipway.demo.cluster.tls.TlsIdentity;
import java.nio.file.Path;
import java.util.List;

/**
 * How a node is set up.
 *
 * @param name of the Node object
 * @param state an existing directory of the node's own; what it needs while it runs is below {@code
 *     node}, what is worth keeping for the next start (images, claims) beside that
 * @param addresses for pods and Services
 * @param systemImages programs of the host as images; the first that matches is taken
 * @param kubelet who the node is to the API server, which comes for logs
 * @param backOff factor on the delays between retries, 1 for those of a real node
 */
public record NodeOptions(
    String name,
    Path state,
    ClusterAddresses addresses,
    List<SystemImage> systemImages,
    TlsIdentity kubelet,
    double backOff) {
  public NodeOptions {
    systemImages = List.copyOf(systemImages);
  }
}
