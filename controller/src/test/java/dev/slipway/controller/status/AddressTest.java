package dev.slipway.controller.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.Remote;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a Remote shows for every way in which a Service can be reached, or not yet. */
class AddressTest {
  private static final String KEY = "ssh-ed25519 AAAA";

  /**
   * @param settings {@code spec.service} of the Remote
   * @param ports of the Service
   * @param ingress in the status of the Service
   * @param nodes addresses, one node each
   * @param host and port, as the URL has them; nothing if there is none
   * @param known the host in known_hosts
   */
  @ParameterizedTest(name = "{0} {1} {2} {3}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          # settings                              | ports         | ingress                      | nodes                             | host                   | known                  | description
          {type: ClusterIP}                       | port: 22      |                              |                                   | dev-gitd.team.svc      | dev-gitd.team.svc      | FORWARD 22
          {type: ClusterIP}                       | port: 2200    |                              |                                   | dev-gitd.team.svc:2200 | [dev-gitd.team.svc]:2200 | FORWARD 2200
          {type: ClusterIP, host: ' '}            | port: 22      |                              |                                   | dev-gitd.team.svc      | dev-gitd.team.svc      | FORWARD 22
          {type: ClusterIP, host: git.example}    | port: 22      |                              |                                   | git.example            | git.example            |
          {type: ClusterIP, host: git.example}    | port: 2200    |                              |                                   | git.example:2200       | [git.example]:2200     |
          {type: LoadBalancer}                    | port: 22      |                              |                                   |                        |                        | The load balancer has no address yet.
          {type: LoadBalancer}                    | port: 22      | {}                           |                                   |                        |                        | The load balancer has no address yet.
          {type: LoadBalancer}                    | port: 22      | {ip: '', hostname: ''}       |                                   |                        |                        | The load balancer has no address yet.
          {type: LoadBalancer}                    | port: 22      | {ip: 203.0.113.9}            |                                   | 203.0.113.9            | 203.0.113.9            |
          {type: LoadBalancer}                    | port: 22      | {hostname: lb.example}       |                                   | lb.example             | lb.example             |
          {type: LoadBalancer}                    | port: 2200    | {hostname: lb.example}       |                                   | lb.example:2200        | [lb.example]:2200      |
          {type: LoadBalancer}                    | port: 22      | {ip: '', hostname: lb.example} |                                 | lb.example             | lb.example             |
          {type: LoadBalancer}                    | port: 22      | {}, {ip: 203.0.113.9}        |                                   | 203.0.113.9            | 203.0.113.9            |
          {type: LoadBalancer}                    | port: 22      | {ip: '2001:db8::1'}          |                                   | [2001:db8::1]          | 2001:db8::1            |
          {type: LoadBalancer}                    | port: 2200    | {ip: '2001:db8::1'}          |                                   | [2001:db8::1]:2200     | [2001:db8::1]:2200     |
          {type: LoadBalancer, host: git.example} | port: 22      |                              |                                   | git.example            | git.example            |
          {type: NodePort}                        | port: 22      |                              | InternalIP 10.0.0.1               |                        |                        | The cluster has not given a node port yet.
          {type: NodePort}                        | nodePort: 30022 |                            |                                   |                        |                        | No node has an address: set spec.service.host to a name of one.
          {type: NodePort}                        | nodePort: 30022 |                            | InternalIP 10.0.0.2, InternalIP 10.0.0.1 | 10.0.0.1:30022  | [10.0.0.1]:30022       |
          {type: NodePort}                        | nodePort: 30022 |                            | InternalIP 10.0.0.1, ExternalIP 203.0.113.7 | 203.0.113.7:30022 | [203.0.113.7]:30022 |
          {type: NodePort}                        | nodePort: 30022 |                            | ExternalIP 2001:db8::7            | [2001:db8::7]:30022    | [2001:db8::7]:30022    |
          {type: NodePort}                        | nodePort: 30022 |                            | Hostname node-1                   | node-1:30022           | [node-1]:30022         |
          {type: NodePort, host: git.example}     | nodePort: 30022 |                            | InternalIP 10.0.0.1               | git.example:30022      | [git.example]:30022    |
          """)
  void showsWhereGitReachesARemote(
      String settings,
      String ports,
      @Nullable String ingress,
      @Nullable String nodes,
      @Nullable String host,
      @Nullable String known,
      @Nullable String description) {
    Remote remote =
        read(
            Remote.class,
            "metadata: {name: dev, namespace: team}\nspec: {service: %s}".formatted(settings));
    Service service =
        read(
            Service.class,
            "metadata: {name: dev-gitd, namespace: team}\nspec: {ports: [{%s}]}\nstatus: %s"
                .formatted(
                    ports.contains("nodePort") ? "port: 22, " + ports : ports,
                    ingress == null ? "{}" : "{loadBalancer: {ingress: [" + ingress + "]}}"));

    Address address = Address.of(remote, service, nodes(nodes));

    assertThat(address.url(remote))
        .isEqualTo(Optional.ofNullable(host).map(it -> "ssh://team-dev@" + it + "/~/git/team-dev"));
    assertThat(address.knownHosts(KEY))
        .isEqualTo(Optional.ofNullable(known).map(it -> it + " " + KEY));
    assertThat(address.description()).isEqualTo(sentence(description));
  }

  /** The Service of front may be anybody's, as {@code kubectl expose} makes it. */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          type: ClusterIP    | port: 22                  |                       |
          type: ClusterIP    | port: 22                  | {ip: 203.0.113.9}     |
          type: ExternalName | port: 22                  |                       |
          type: LoadBalancer | port: 22                  |                       |
          type: LoadBalancer | port: 22                  | {ip: 203.0.113.9}     | 203.0.113.9
          type: LoadBalancer | port: 2200                | {hostname: lb.example} | lb.example:2200
          type: NodePort     | port: 22                  |                       |
          type: NodePort     | port: 22, nodePort: 30022 |                       | 10.0.0.1:30022
          """)
  void frontIsWhereItsServiceLeadsFromOutside(
      String type, String port, @Nullable String ingress, @Nullable String host) {
    Service service =
        read(
            Service.class,
            "metadata: {name: gitkubed, namespace: kube-system}\nspec: {%s, ports: [{%s}]}\nstatus: %s"
                .formatted(
                    type,
                    port,
                    ingress == null ? "{}" : "{loadBalancer: {ingress: [" + ingress + "]}}"));

    assertThat(
            Address.fromOutside(service, nodes("InternalIP 10.0.0.1"))
                .flatMap(address -> address.url("team-dev")))
        .isEqualTo(Optional.ofNullable(host).map(it -> "ssh://team-dev@" + it + "/~/git/team-dev"));
  }

  private static String sentence(@Nullable String description) {
    if (description == null) {
      return "";
    }
    return !description.startsWith("FORWARD ")
        ? description
        : ("This name is known inside the cluster only. From outside: kubectl -n team port-forward"
                + " service/dev-gitd 2222:%s and then ssh://team-dev@localhost:2222/~/git/team-dev")
            .formatted(description.substring("FORWARD ".length()));
  }

  private static List<Node> nodes(@Nullable String addresses) {
    return addresses == null
        ? List.of()
        : Stream.of(addresses.split(", "))
            .map(each -> each.split(" "))
            .map(
                each ->
                    "metadata: {name: 'node-%1$s-%2$s'}\nstatus: {addresses: [{type: %1$s, address: '%2$s'}]}"
                        .formatted(each[0], each[1]))
            .map(node -> read(Node.class, node))
            .toList();
  }

  private static <T> T read(Class<T> type, String yaml) {
    return Serialization.unmarshal(yaml, type);
  }
}
