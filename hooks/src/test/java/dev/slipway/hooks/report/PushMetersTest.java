package dev.slipway.hooks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class PushMetersTest {
  /** Else the first fault of a gitd would raise no alert. */
  @Test
  void faultsAreCountedFromTheStart() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    var _ = new PushMeters(registry);

    assertThat(registry.get("slipway.pushes").counters())
        .allSatisfy(
            counter -> {
              assertThat(counter.count()).isZero();
              assertThat(counter.getId().getTag("outcome")).isEqualTo("rejected");
            })
        .extracting(counter -> counter.getId().getTag("reason"))
        .containsExactlyInAnyOrder(
            "ClusterFault", "InternalError", "RefNotMoved", "RepositoryFault");
  }
}
