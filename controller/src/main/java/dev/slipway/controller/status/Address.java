package dev.slipway.controller.status;

import dev.slipway.controller.model.GitdNetwork;
import dev.slipway.crd.Remote;
import dev.slipway.crd.ServiceSettings;
import dev.slipway.crd.UserNames;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.Service;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where git reaches a Remote.
 *
 * @param host empty while the cluster has not given one yet
 * @param description what the URL needs, or why there is none; empty when it just works
 */
public record Address(Optional<String> host, int port, String description) {
  private static final int SSH_PORT = 22;

  /**
   * @param service as the cluster completed it
   * @param nodes needed for NodePort only
   */
  static Address of(Remote remote, Service service, List<Node> nodes) {
    ServiceSettings settings = GitdNetwork.settings(remote);
    Optional<String> host = Optional.ofNullable(settings.host());
    int port = service.getSpec().getPorts().getFirst().getPort();
    return switch (Objects.requireNonNull(settings.type())) {
      case ClusterIP ->
          host.map(it -> new Address(host, port, ""))
              .orElseGet(() -> inCluster(remote, service, port));
      case NodePort -> onNode(host, service, nodes);
      case LoadBalancer ->
          host.map(it -> new Address(host, port, "")).orElseGet(() -> balanced(service, port));
    };
  }

  /**
   * Where a Service is reached from outside the cluster; empty as long as it is not.
   *
   * @param nodes needed where {@link #isOnNodes}
   */
  public static Optional<Address> fromOutside(Service service, List<Node> nodes) {
    Optional<Address> address = Optional.empty();
    if (isOnNodes(service)) {
      address = Optional.of(onNode(Optional.empty(), service, nodes));
    } else if ("LoadBalancer".equals(service.getSpec().getType())) {
      address = Optional.of(balanced(service, service.getSpec().getPorts().getFirst().getPort()));
    }
    return address.filter(it -> it.host().isPresent());
  }

  /** Whether a Service is reached at a port of each node. */
  public static boolean isOnNodes(Service service) {
    return "NodePort".equals(service.getSpec().getType());
  }

  /** The URL to give to git, as Gitkube printed it. */
  Optional<String> url(Remote remote) {
    return url(UserNames.familiar(remote));
  }

  Optional<String> url(String user) {
    return host.map(
        it ->
            "ssh://"
                + user
                + "@"
                + (it.contains(":") ? "[" + it + "]" : it)
                + (port == SSH_PORT ? "" : ":" + port)
                + "/~/git/"
                + user);
  }

  /** The line for known_hosts, in which a host with another port than 22 stands in brackets. */
  Optional<String> knownHosts(String publicKey) {
    return host.map(it -> (port == SSH_PORT ? it : "[" + it + "]:" + port) + " " + publicKey);
  }

  private static Address inCluster(Remote remote, Service service, int port) {
    String name = service.getMetadata().getName();
    String namespace = service.getMetadata().getNamespace();
    String id = namespace + "-" + remote.getMetadata().getName();
    return new Address(
        Optional.of(name + "." + namespace + ".svc"),
        port,
        "This name is known inside the cluster only. From outside: kubectl -n "
            + namespace
            + " port-forward service/"
            + name
            + " 2222:"
            + port
            + " and then ssh://"
            + id
            + "@localhost:2222/~/git/"
            + id);
  }

  private static Address onNode(Optional<String> host, Service service, List<Node> nodes) {
    Integer nodePort = service.getSpec().getPorts().getFirst().getNodePort();
    if (nodePort == null) {
      return new Address(Optional.empty(), 0, "The cluster has not given a node port yet.");
    }
    Optional<String> address = host.or(() -> nodeAddress(nodes));
    return new Address(
        address,
        nodePort,
        address.isPresent()
            ? ""
            : "No node has an address: set spec.service.host to a name of one.");
  }

  /** The same one each time as long as it is there. */
  private static Optional<String> nodeAddress(List<Node> nodes) {
    return Stream.of("ExternalIP", "InternalIP", "Hostname")
        .flatMap(
            type ->
                nodes.stream()
                    .sorted(Comparator.comparing(node -> node.getMetadata().getName()))
                    .flatMap(node -> addresses(node).stream())
                    .filter(address -> type.equals(address.getType())))
        .map(NodeAddress::getAddress)
        .filter(Address::isWritten)
        .findFirst();
  }

  private static List<NodeAddress> addresses(Node node) {
    return node.getStatus() == null || node.getStatus().getAddresses() == null
        ? List.of()
        : node.getStatus().getAddresses();
  }

  private static Address balanced(Service service, int port) {
    Optional<String> host =
        Optional.ofNullable(service.getStatus())
            .map(status -> status.getLoadBalancer())
            .map(balancer -> balancer.getIngress())
            .stream()
            .flatMap(List::stream)
            .flatMap(ingress -> Stream.of(ingress.getIp(), ingress.getHostname()))
            .filter(Address::isWritten)
            .findFirst();
    return new Address(host, port, host.isPresent() ? "" : "The load balancer has no address yet.");
  }

  private static boolean isWritten(@Nullable String text) {
    return text != null && !text.isEmpty();
  }
}
