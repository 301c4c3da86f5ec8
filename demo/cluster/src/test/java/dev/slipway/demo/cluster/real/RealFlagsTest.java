package dev.slipway.demo.cluster.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RealFlagsTest {
  private final RealFlags flags =
      new RealFlags(Path.of("/own"), "198.19.7.0/24", "31211-31383", 1, 2, 3);

  @Test
  void listensOnLoopbackOnly() {
    assertThat(flags.etcd())
        .contains(
            "--listen-client-urls=http://127.0.0.1:1", "--listen-peer-urls=http://127.0.0.1:2");
    assertThat(flags.apiServer())
        .contains(
            "--bind-address=127.0.0.1", "--secure-port=3", "--etcd-servers=http://127.0.0.1:1");
  }

  @Test
  void givesServicesTheAddressesAndPortsOfTheCluster() {
    assertThat(flags.apiServer())
        .contains(
            "--service-cluster-ip-range=198.19.7.0/24", "--service-node-port-range=31211-31383");
  }

  @Test
  void asksKubeletsForLogsWithACertificateAndChecksTheirs() {
    assertThat(flags.apiServer())
        .contains(
            "--kubelet-certificate-authority=/own/ca.crt",
            "--kubelet-client-certificate=/own/kubelet-client.crt",
            "--kubelet-client-key=/own/kubelet-client.key",
            "--kubelet-preferred-address-types=InternalIP");
  }

  @Test
  void letsNobodyDoMoreThanItsRolesSay() {
    assertThat(flags.apiServer()).contains("--authorization-mode=RBAC");
  }
}
