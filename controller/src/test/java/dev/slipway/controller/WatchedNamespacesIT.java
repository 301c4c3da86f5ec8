package dev.slipway.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.model.BuilderDefaults;
import dev.slipway.controller.model.Defaults;
import dev.slipway.controller.model.Images;
import dev.slipway.crd.Remote;
import dev.slipway.demo.cluster.ClusterExtension;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A controller that serves some namespaces and no others. */
class WatchedNamespacesIT {
  @RegisterExtension static final ClusterExtension cluster = ClusterExtension.apiOnly();

  @Test
  void servesTheRemotesOfEachWatchedNamespaceAndOfNoOther() {
    kubectl("apply", "-f", "../crd/remote.yaml");
    kubectl("wait", "--for=condition=Established", "crd/remotes.gitkube.sh");
    kubectl("apply", "-f", "../deploy/slipway.yaml");
    for (String namespace : List.of("one", "two", "other")) {
      client()
          .resource(
              new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
          .create();
      create(namespace, "before");
    }
    try (var _ =
        Controller.start(
            new ControllerConfig(
                new Defaults(
                    new Images("slipway/gitd:it", "kaniko:it"),
                    BuilderDefaults.none(),
                    List.of(),
                    30,
                    Optional.empty()),
                0,
                Set.of("one", "two"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()),
            cluster.cluster().clientAs("slipway-system", "slipway-controller"),
            () -> {})) {
      for (String namespace : List.of("one", "two")) {
        create(namespace, "after");
        InstalledController.soon(() -> assertThat(hasStatus(namespace, "before")).isTrue());
        InstalledController.soon(() -> assertThat(hasStatus(namespace, "after")).isTrue());
      }
      for (String namespace : List.of("one", "two")) {
        client().rbac().roles().inNamespace(namespace).withName("before-gitd").delete();
        InstalledController.soon(() -> assertThat(hasRole(namespace)).isTrue());
      }
      assertThat(hasStatus("other", "before")).isFalse();
    }
  }

  private static KubernetesClient client() {
    return cluster.cluster().client();
  }

  private static void kubectl(String... args) {
    InstalledController.succeeds(cluster.cluster().kubectl().run(args));
  }

  private static void create(String namespace, String name) {
    client()
        .resource(
            Serialization.unmarshal(
                InstalledController.remote(name, InstalledController.ANA), Remote.class))
        .inNamespace(namespace)
        .create();
  }

  private static boolean hasRole(String namespace) {
    return client().rbac().roles().inNamespace(namespace).withName("before-gitd").get() != null;
  }

  private static boolean hasStatus(String namespace, String name) {
    var remote = client().resources(Remote.class).inNamespace(namespace).withName(name).require();
    return remote.getStatus() != null && remote.getStatus().observedGeneration() != null;
  }
}
