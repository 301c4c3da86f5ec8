package dev.slipway.demo.cluster.control.namespace;

import dev.slipway.demo.cluster.control.loop.ClusterView;
import dev.slipway.demo.cluster.control.loop.Key;
import dev.slipway.demo.cluster.control.loop.WorkQueue;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/**
 * Sees to it that every namespace has the ServiceAccount {@code default} and a ConfigMap with the
 * certificate that pods check the API server by.
 */
public final class NamespaceController implements AutoCloseable {
  private static final String SERVICE_ACCOUNT = "default";
  private static final String ROOT_CA = "kube-root-ca.crt";
  private static final String DESCRIPTION =
      "Contains a CA bundle that can be used to verify the kube-apiserver when using internal"
          + " endpoints such as the internal service IP or kubernetes.default.svc. No other usage"
          + " is guaranteed across distributions of Kubernetes clusters.";

  private final KubernetesClient client;
  private final ClusterView view;
  private final WorkQueue queue = new WorkQueue("namespaces", 2, this::look);

  /** Listens to the view; works as soon as the view has started. */
  public NamespaceController(KubernetesClient client, ClusterView view) {
    this.client = client;
    this.view = view;
    view.of(Namespace.class)
        .listen(
            (before, after) -> {
              if (before == null && after != null) {
                queue.request(Key.of(after));
              }
            });
    view.of(ServiceAccount.class)
        .listen(
            (before, after) -> {
              if (before != null && after == null) {
                restore(before, SERVICE_ACCOUNT);
              }
            });
    view.of(ConfigMap.class)
        .listen(
            (before, after) -> {
              if (before != null && after == null) {
                restore(before, ROOT_CA);
              }
            });
  }

  private void restore(HasMetadata gone, String name) {
    if (gone.getMetadata().getName().equals(name)) {
      queue.request(new Key("", gone.getMetadata().getNamespace()));
    }
  }

  private Optional<Duration> look(Key key) {
    var namespace = key.name();
    if (view.of(Namespace.class).get(key).filter(NamespaceController::isAlive).isEmpty()) {
      return Optional.empty();
    }
    // The account last: with it pods are admitted, and they mount the certificate.
    if (view.of(ConfigMap.class).get(new Key(namespace, ROOT_CA)).isEmpty()) {
      certificate().ifPresent(pem -> create(rootCa(namespace, pem)));
    }
    if (view.of(ServiceAccount.class).get(new Key(namespace, SERVICE_ACCOUNT)).isEmpty()) {
      create(serviceAccount(namespace));
    }
    return Optional.empty();
  }

  private static boolean isAlive(Namespace namespace) {
    return namespace.getMetadata().getDeletionTimestamp() == null;
  }

  private void create(HasMetadata object) {
    client.resource(object).createOr(_ -> object); // somebody else may have made it
  }

  private static ServiceAccount serviceAccount(String namespace) {
    return new ServiceAccountBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(SERVICE_ACCOUNT)
        .endMetadata()
        .build();
  }

  private static ConfigMap rootCa(String namespace, String pem) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(ROOT_CA)
        .addToAnnotations("kubernetes.io/description", DESCRIPTION)
        .endMetadata()
        .addToData("ca.crt", pem)
        .build();
  }

  /** The one that this client itself trusts. */
  private Optional<String> certificate() {
    return Optional.ofNullable(client.getConfiguration().getCaCertData())
        .map(data -> new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    queue.close();
  }
}
