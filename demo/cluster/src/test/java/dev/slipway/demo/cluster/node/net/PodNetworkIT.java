package dev.slipway.demo.cluster.node.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.ClusterAddresses;
import dev.slipway.demo.cluster.NodeRequirements;
import dev.slipway.demo.cluster.node.container.Sandbox;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PodNetworkIT {
  @BeforeAll
  static void prepare() {
    NodeRequirements.assumeMet();
  }

  @Test
  void anAddressIsGivenToNobodyElseRightAfterItsPod() throws Exception {
    try (var addresses = ClusterAddresses.claim();
        var network = PodNetwork.open(addresses)) {
      String first = attach(network);
      String second = attach(network);

      assertThat(second).isNotEqualTo(first);
      assertThat(attach(network)).isNotIn(first, second);
    }
  }

  /** The address of a pod that is gone again. */
  private static String attach(PodNetwork network) throws Exception {
    try (var sandbox = Sandbox.start()) {
      String address = network.attach(sandbox);
      network.release(address);
      return address;
    }
  }
}
