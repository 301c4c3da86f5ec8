package dev.slipway.controller.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.Remote;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.ServiceSettings;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AddressTest {
  private static final String KEY = "ssh-ed25519 AAAA";

  @Test
  void namesTheServiceInsideTheClusterAndSaysHowToComeFromOutside() {
    Remote remote = remote(ServiceSettings.Type.ClusterIP, null);
    Address address = Address.of(remote, service(22, null, null, null), List.of());

    assertThat(address.url(remote)).contains("ssh://team-dev@dev-gitd.team.svc/~/git/team-dev");
    assertThat(address.knownHosts(KEY)).contains("dev-gitd.team.svc " + KEY);
    assertThat(address.description())
        .contains("kubectl -n team port-forward service/dev-gitd 2222:22")
        .contains("ssh://team-dev@localhost:2222/~/git/team-dev");
  }

  @Test
  void takesTheHostThatTheAuthorKnowsBetter() {
    Remote remote = remote(ServiceSettings.Type.ClusterIP, "git.example");
    Address address = Address.of(remote, service(2200, null, null, null), List.of());

    assertThat(address.url(remote)).contains("ssh://team-dev@git.example:2200/~/git/team-dev");
    assertThat(address.knownHosts(KEY)).contains("[git.example]:2200 " + KEY);
    assertThat(address.description()).isEmpty();
  }

  @Test
  void takesAnAddressOfANodeAndTheNodePort() {
    Remote remote = remote(ServiceSettings.Type.NodePort, null);
    List<Node> nodes =
        List.of(
            node("b", "InternalIP", "10.0.0.2"),
            node("a", "InternalIP", "10.0.0.1"),
            node("c", "ExternalIP", "203.0.113.7"));

    assertThat(Address.of(remote, service(22, 30022, null, null), nodes).url(remote))
        .contains("ssh://team-dev@203.0.113.7:30022/~/git/team-dev");
    assertThat(Address.of(remote, service(22, 30022, null, null), nodes.subList(0, 2)).url(remote))
        .contains("ssh://team-dev@10.0.0.1:30022/~/git/team-dev");
  }

  @Test
  void saysThatNoNodeHasAnAddress() {
    Remote remote = remote(ServiceSettings.Type.NodePort, null);
    Address address = Address.of(remote, service(22, 30022, null, null), List.of());

    assertThat(address.url(remote)).isEmpty();
    assertThat(address.knownHosts(KEY)).isEmpty();
    assertThat(address.description()).contains("spec.service.host");
  }

  @Test
  void waitsForTheLoadBalancer() {
    Remote remote = remote(ServiceSettings.Type.LoadBalancer, null);
    Address address = Address.of(remote, service(22, 30022, null, null), List.of());

    assertThat(address.url(remote)).isEmpty();
    assertThat(address.description()).isEqualTo("The load balancer has no address yet.");
  }

  @Test
  void takesTheLoadBalancersAddressOrName() {
    Remote remote = remote(ServiceSettings.Type.LoadBalancer, null);

    assertThat(Address.of(remote, service(22, 30022, "203.0.113.9", null), List.of()).url(remote))
        .contains("ssh://team-dev@203.0.113.9/~/git/team-dev");
    assertThat(Address.of(remote, service(22, 1, null, "lb.example"), List.of()).url(remote))
        .contains("ssh://team-dev@lb.example/~/git/team-dev");
    assertThat(Address.of(remote, service(22, 1, "2001:db8::1", null), List.of()).url(remote))
        .contains("ssh://team-dev@[2001:db8::1]/~/git/team-dev");
  }

  private static Remote remote(ServiceSettings.Type type, @Nullable String host) {
    var remote = new Remote();
    remote.setMetadata(new ObjectMetaBuilder().withName("dev").withNamespace("team").build());
    var service = new ServiceSettings(type, null, null, host, null);
    remote.setSpec(
        new RemoteSpec(null, null, null, null, null, null, null, null, null, service, null));
    return remote;
  }

  private static Service service(
      int port,
      @Nullable Integer nodePort,
      @Nullable String balancerIp,
      @Nullable String balancerName) {
    var service =
        new ServiceBuilder()
            .withNewMetadata()
            .withName("dev-gitd")
            .withNamespace("team")
            .endMetadata()
            .withNewSpec()
            .addNewPort()
            .withPort(port)
            .withNodePort(nodePort)
            .endPort()
            .endSpec();
    return balancerIp == null && balancerName == null
        ? service.build()
        : service
            .withNewStatus()
            .withNewLoadBalancer()
            .addNewIngress()
            .withIp(balancerIp)
            .withHostname(balancerName)
            .endIngress()
            .endLoadBalancer()
            .endStatus()
            .build();
  }

  private static Node node(String name, String type, String address) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewStatus()
        .addNewAddress(address, type)
        .endStatus()
        .build();
  }
}
