package dev.slipway.controller.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.ClusterExtension;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the API sends to somebody who follows Secrets by their metadata. */
class MetadataOnlyIT {
  @RegisterExtension static final ClusterExtension cluster = ClusterExtension.apiOnly();

  @Test
  void noContentOfASecretIsSentByAListOrAWatch() throws Exception {
    cluster
        .cluster()
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("team")
                .withNamespace("default")
                .endMetadata()
                .addToStringData("password", "marked-value")
                .build())
        .create();
    var seen = new LinkedBlockingQueue<Secret>();
    try (KubernetesClient metadataOnly = MetadataOnly.client(cluster.cluster().client());
        var _ = metadataOnly.secrets().inNamespace("default").withName("team").watch(to(seen))) {
      assertThat(metadataOnly.secrets().inNamespace("default").list().getItems())
          .filteredOn(it -> it.getMetadata().getName().equals("team"))
          .singleElement()
          .satisfies(MetadataOnlyIT::isWithoutContent);
      assertThat(seen.poll(2, TimeUnit.MINUTES))
          .isNotNull()
          .satisfies(MetadataOnlyIT::isWithoutContent);
    }
  }

  @Test
  void listsNothingWhereThereIsNothing() {
    try (KubernetesClient metadataOnly = MetadataOnly.client(cluster.cluster().client())) {
      assertThat(metadataOnly.apps().statefulSets().inAnyNamespace().list().getItems()).isEmpty();
    }
  }

  private static void isWithoutContent(Secret secret) {
    assertThat(secret.getMetadata().getResourceVersion()).isNotEmpty();
    assertThat(secret.getData()).isNullOrEmpty();
  }

  private static Watcher<Secret> to(LinkedBlockingQueue<Secret> seen) {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, Secret secret) {
        seen.add(secret);
      }

      @Override
      public void onClose(WatcherException cause) {}
    };
  }
}
