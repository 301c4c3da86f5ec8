package dev.slipway.gitd.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.demo.cluster.ClusterExtension;
import dev.slipway.gitd.Eventually;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of the config Secret as the API tells of it. */
class ConfigWatchIT {
  @RegisterExtension static final ClusterExtension cluster = ClusterExtension.apiOnly();

  @Test
  void newDocumentIsInForceAndABrokenOneIsNot() throws Exception {
    KubernetesClient client = cluster.client();
    List<String> told = new CopyOnWriteArrayList<>();
    try (ConfigWatch watch =
        ConfigWatch.start(
            client, "default", "dev-gitd-config", config -> told.addAll(config.authorizedKeys()))) {
      // Another Secret of the namespace is none of its business.
      publish(client, "other", ConfigDocumentTest.GOOD.formatted("other"));
      publish(client, "dev-gitd-config", ConfigDocumentTest.GOOD.formatted("one"));
      assertThat(watch.awaitFirst(Eventually.LIMIT)).isTrue();
      assertThat(watch.get().authorizedKeys()).containsExactly("one");

      publish(client, "dev-gitd-config", "{broken");
      publish(client, "dev-gitd-config", ConfigDocumentTest.GOOD.formatted("two"));
      Eventually.await().untilAsserted(() -> assertThat(told).containsExactly("one", "two"));
      assertThat(watch.get().authorizedKeys()).containsExactly("two");

      var _ = client.secrets().inNamespace("default").withName("dev-gitd-config").delete();
      publish(client, "dev-gitd-config", ConfigDocumentTest.GOOD.formatted("three"));
      Eventually.await()
          .untilAsserted(() -> assertThat(told).containsExactly("one", "two", "three"));
    }
  }

  @Test
  void firstConfigIsInForceWithoutAWatch() throws Exception {
    KubernetesClient client = cluster.client();
    publish(client, "read", ConfigDocumentTest.GOOD.formatted("one"));
    try (ConfigWatch watch =
        ConfigWatch.start(client, "default", "read", config -> {}, Duration.ofDays(1))) {
      assertThat(watch.awaitFirst(Eventually.LIMIT)).isTrue();
      assertThat(watch.get().authorizedKeys()).containsExactly("one");
    }
  }

  @Test
  void whatChangesBeforeTheWatchBeginsIsSeen() throws Exception {
    KubernetesClient client = cluster.client();
    publish(client, "changing", ConfigDocumentTest.GOOD.formatted("one"));
    try (ConfigWatch watch = ConfigWatch.start(client, "default", "changing", config -> {})) {
      assertThat(watch.awaitFirst(Eventually.LIMIT)).isTrue();
      publish(client, "changing", ConfigDocumentTest.GOOD.formatted("two"));

      Eventually.await()
          .untilAsserted(() -> assertThat(watch.get().authorizedKeys()).containsExactly("two"));
    }
  }

  @Test
  void firstAnswerThatStaysAwayKeepsNobodyWaiting() throws Exception {
    KubernetesClient client = cluster.client();
    publish(client, "unanswered", ConfigDocumentTest.GOOD.formatted("one"));
    try (var silent =
            cluster
                .faults()
                .on("list", "secrets")
                .in("default")
                .named("unanswered")
                .times(1)
                .hang();
        ConfigWatch watch = ConfigWatch.start(client, "default", "unanswered", config -> {})) {
      assertThat(watch.awaitFirst(Eventually.LIMIT)).isTrue();
      assertThat(silent.hits()).isEqualTo(1);
    }
  }

  @Test
  void waitingForAConfigThatNeverComesEnds() throws Exception {
    try (ConfigWatch watch =
        ConfigWatch.start(cluster.client(), "default", "absent", config -> {})) {
      assertThat(watch.awaitFirst(Duration.ofMillis(200))).isFalse();
      assertThatThrownBy(watch::get).isInstanceOf(IllegalStateException.class);
    }
  }

  private static void publish(KubernetesClient client, String name, String document) {
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName(name)
            .endMetadata()
            .addToData(
                GitdConfig.KEY,
                Base64.getEncoder().encodeToString(document.getBytes(StandardCharsets.UTF_8)))
            .build();
    var _ = client.resource(secret).createOr(existing -> existing.update());
  }
}
