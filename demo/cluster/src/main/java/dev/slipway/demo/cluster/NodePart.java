package dev.slipway.demo.cluster;

import dev.slipway.demo.cluster.image.SystemImage;
import dev.slipway.demo.cluster.kaniko.KanikoImage;
import dev.slipway.demo.cluster.node.Node;
import dev.slipway.demo.cluster.node.NodeOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A node for an embedded cluster, with the stand-in for Kaniko among its images. Needs root, and
 * the programs that the README names.
 *
 * @param images further programs of the host as images
 * @param backOff factor on the delays between retries, 1 for those of a real node
 */
public record NodePart(List<SystemImage> images, double backOff) implements ClusterPart {
  public NodePart {
    images = List.copyOf(images);
  }

  @Override
  public AutoCloseable start(EmbeddedCluster cluster) throws IOException, InterruptedException {
    var all = new ArrayList<>(images);
    all.add(KanikoImage.at(cluster.directory().resolve("builder")));
    var node =
        Node.start(
            cluster.client(),
            new NodeOptions(
                "embedded",
                cluster.directory(),
                cluster.addresses(),
                all,
                cluster.kubeletIdentity(cluster.addresses().host()),
                backOff));
    cluster.faults().reach(node);
    return node;
  }
}
