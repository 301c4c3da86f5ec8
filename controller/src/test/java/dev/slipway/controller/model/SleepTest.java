package dev.slipway.controller.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.check.Finding;
import dev.slipway.crd.Remote;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a gitd may sleep, and whether it does. */
class SleepTest {
  private static final Front FRONT = new Front(Optional.of("git.example"), 22, "K", "CA", 1800);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                             | 1800 | false
          {replicas: 1}                                  | 1800 | false
          {replicas: 0}                                  | 1800 | true
          {sleepAfterSeconds: 60, replicas: 0}           | 60   | true
          {sleepAfterSeconds: 0, replicas: 0}            | 0    | false
          {service: {type: NodePort}, replicas: 0}       | 0    | false
          {service: {type: LoadBalancer}, replicas: 0}   | 0    | false
          {service: {host: git.own.example}, replicas: 0} | 0   | false
          """)
  void dependsOnTheRemoteWhereThereIsAFront(String spec, int after, boolean asleep) {
    Sleep sleep = Sleep.of(remote(spec), Optional.of(FRONT));

    assertThat(sleep.afterSeconds()).isEqualTo(after);
    assertThat(sleep.asleep()).isEqualTo(asleep);
    assertThat(sleep.findings()).isEmpty();
  }

  @Test
  void nobodySleepsWhereNoFrontWakes() {
    Front withoutName = new Front(Optional.empty(), 22, "K", "CA", 1800);

    assertThat(Sleep.of(remote("{replicas: 0}"), Optional.of(withoutName)).asleep()).isFalse();
    assertThat(Sleep.of(remote("{replicas: 0}"), Optional.empty()).asleep()).isFalse();
  }

  @Test
  void saysSoWhereSleepIsAskedForInVain() {
    assertThat(Sleep.of(remote("{sleepAfterSeconds: 60}"), Optional.empty()).findings())
        .extracting(Finding::reason)
        .containsExactly("NeverSleeps");
    assertThat(Sleep.of(remote("{sleepAfterSeconds: 0}"), Optional.empty()).findings()).isEmpty();
  }

  private static Remote remote(String spec) {
    return Serialization.unmarshal(
        "metadata: {name: dev, namespace: default}\nspec: %s".formatted(spec), Remote.class);
  }
}
