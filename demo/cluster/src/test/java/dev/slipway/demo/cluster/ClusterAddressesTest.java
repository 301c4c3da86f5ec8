package dev.slipway.demo.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClusterAddressesTest {
  /** They listen at the same address. */
  @Test
  void clustersSideBySideDrawDifferentNodePorts() {
    try (var one = ClusterAddresses.claim();
        var other = ClusterAddresses.claim()) {
      assertThat(one.lastNodePort()).isBetween(one.firstNodePort(), 32767);
      assertThat(
              other.firstNodePort() > one.lastNodePort()
                  || other.lastNodePort() < one.firstNodePort())
          .isTrue();
    }
  }
}
