package dev.slipway.hooks.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.Config;
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
}
