package dev.slipway.hooks.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.security.KeyStore;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class LeanClientTest {
  @Test
  void isToldThatTheHistoryOfAWatchIsGone() {
    try (var client = LeanClient.builder().withConfig(Config.empty()).build()) {
      var event =
          client
              .getKubernetesSerialization()
              .unmarshal(
                  """
                  {"type": "ERROR", "object": {"kind": "Status", "apiVersion": "v1", "code": 410}}\
                  """,
                  WatchEvent.class);

      assertThat(event.getObject()).isInstanceOf(Status.class);
    }
  }

  @Test
  void trustsNoAuthorityBesideTheClusters() throws Exception {
    try (var client = LeanClient.builder().build()) {
      Config config = client.getConfiguration();
      var trusted =
          KeyStore.getInstance(
              new File(config.getTrustStoreFile()), config.getTrustStorePassphrase().toCharArray());

      assertThat(Collections.list(trusted.aliases())).isEmpty();
    }
  }
}
