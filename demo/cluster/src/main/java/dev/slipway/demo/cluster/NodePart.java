package dev.slipway.demo.cluster;

import dev.slipway.demo.cluster.image.BusyboxImage;
import dev.slipway.demo.cluster.image.SystemImage;
import dev.slipway.demo.cluster.kaniko.KanikoImage;
import dev.slipway.demo.cluster.node.Node;
import dev.slipway.demo.cluster.node.NodeOptions;
import dev.slipway.demo.cluster.process.Interruptible;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node for an embedded cluster, with the stand-in for Kaniko among its images. Needs root, and
 * the programs that the README names.
 *
 * @param images further programs of the host as images
 * @param backOff factor on the delays between retries, 1 for those of a real node
 */
public record NodePart(List<SystemImage> images, double backOff) implements ClusterPart {
  private static final Logger log = LoggerFactory.getLogger(NodePart.class);

  public NodePart {
    images = List.copyOf(images);
  }

  @Override
  public AutoCloseable start(EmbeddedCluster cluster) throws IOException, InterruptedException {
    var builder = cluster.directory().resolve("builder");
    var all = new ArrayList<>(images);
    all.add(KanikoImage.at(builder));
    var node =
        Node.start(
            cluster.kubeletsClient(),
            new NodeOptions(
                "embedded",
                cluster.directory(),
                cluster.addresses(),
                all,
                cluster.kubeletIdentity(cluster.addresses().host()),
                backOff));
    cluster.faults().reach(node);
    var preparation = makeAhead(Node.images(cluster.directory()), builder);
    return () -> {
      preparation.interrupt();
      node.close();
      preparation.join();
    };
  }

  /** Whoever needs the image makes it, but the first pod and the first build should not wait. */
  private static Thread makeAhead(Path... stores) {
    return Interruptible.start(
        "busybox",
        () -> {
          try {
            for (var store : stores) {
              BusyboxImage.addTo(store);
            }
          } catch (IOException e) {
            log.debug("Cannot make busybox ahead of time", e);
          }
        });
  }
}
