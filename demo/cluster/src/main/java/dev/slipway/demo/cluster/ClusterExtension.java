package dev.slipway.demo.cluster;

import dev.slipway.demo.cluster.api.fault.Faults;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An embedded cluster for the tests of one class.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final ClusterExtension cluster = ClusterExtension.apiOnly();
 * }</pre>
 */
public final class ClusterExtension implements BeforeAllCallback, AfterAllCallback {
  private final List<ClusterPart> parts;
  private @Nullable EmbeddedCluster cluster;

  private ClusterExtension(List<ClusterPart> parts) {
    this.parts = parts;
  }

  /** The API server and the controllers, no node: pods are made and stay pending. */
  public static ClusterExtension apiOnly() {
    return new ClusterExtension(List.of());
  }

  /** The API server, the controllers and further parts such as a node, started in order. */
  public static ClusterExtension with(ClusterPart... parts) {
    return new ClusterExtension(List.of(parts));
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    cluster = EmbeddedCluster.startTemporary(parts);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    var stopping = cluster;
    cluster = null;
    if (stopping != null) {
      stopping.close();
    }
  }

  /** The running cluster. */
  public EmbeddedCluster cluster() {
    if (cluster == null) {
      throw new IllegalStateException("The cluster runs only while the tests of its class do");
    }
    return cluster;
  }

  /** An administrator's client; belongs to the cluster. */
  public KubernetesClient client() {
    return cluster().client();
  }

  /** A client with the rights of an existing ServiceAccount; the caller closes it. */
  public KubernetesClient clientAs(String namespace, String serviceAccount) {
    return cluster().clientAs(namespace, serviceAccount);
  }

  /** What a test makes go wrong with the API and the containers. */
  public Faults faults() {
    return cluster().faults();
  }

  /** A kubeconfig file of an administrator. */
  public Path kubeconfig() {
    return cluster().kubeconfig();
  }

  /** Runs the real kubectl as administrator. */
  public Kubectl.Result kubectl(String... args) {
    return cluster().kubectl().run(args);
  }
}
