package dev.slipway.demo.cluster.node.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class HostCapabilitiesTest {
  @Test
  void readsTheBoundingSet() {
    assertThat(HostCapabilities.bound(List.of("CapEff:\t0", "CapBnd:\t0000010000000021")))
        .containsExactly("CAP_CHECKPOINT_RESTORE", "CAP_CHOWN", "CAP_KILL");
  }

  @Test
  void leavesOutNumbersWithoutAName() {
    assertThat(HostCapabilities.bound(List.of("CapBnd:\tffffffffffffffff")))
        .hasSize(41)
        .contains("CAP_SYS_ADMIN");
  }

  @Test
  void needsTheLine() {
    assertThatThrownBy(() -> HostCapabilities.bound(List.of("Name:\tjava")))
        .hasMessage("no line CapBnd:");
  }
}
