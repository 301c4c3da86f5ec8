package dev.slipway.demo.cluster.api.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServiceAddressesTest {
  private final ServiceAddresses addresses = newAddresses();

  @Test
  void givesAnAddressAndNoNodePortInsideTheCluster() throws Exception {
    var service = service("{spec: {type: ClusterIP, ports: [{port: 80}]}}");

    addresses.assign(service, taken());

    assertThat(service.at("/spec/clusterIP").asText()).startsWith("198.19.7.");
    assertThat(service.at("/spec/clusterIPs/0")).isEqualTo(service.at("/spec/clusterIP"));
    assertThat(service.at("/spec/ports/0").has("nodePort")).isFalse();
  }

  @Test
  void givesEachPortOfALoadBalancerItsNodePort() throws Exception {
    var service = service("{spec: {type: LoadBalancer, ports: [{port: 80}, {port: 81}]}}");

    addresses.assign(service, taken());

    assertThat(service.at("/spec/ports/0/nodePort").asInt())
        .isBetween(31000, 31009)
        .isNotEqualTo(service.at("/spec/ports/1/nodePort").asInt());
  }

  @Test
  void keepsTheAddressThatAServiceHasAndDropsNodePortsWithTheType() throws Exception {
    var service =
        service(
            "{spec: {type: ClusterIP, clusterIP: 198.19.1.1, ports: [{port: 80, nodePort:"
                + " 30001}]}}");

    addresses.assign(service, taken());

    assertThat(service.at("/spec/clusterIP").asText()).isEqualTo("198.19.1.1");
    assertThat(service.at("/spec/ports/0").has("nodePort")).isFalse();
  }

  @Test
  void leavesAHeadlessServiceWithoutAddress() throws Exception {
    var service = service("{spec: {clusterIP: None, ports: [{port: 80}]}}");

    addresses.assign(service, taken(service("{spec: {clusterIP: None}}")));

    assertThat(service.at("/spec/clusterIP").asText()).isEqualTo("None");
  }

  @Test
  void refusesWhatAnotherServiceHas() {
    var other = service("{spec: {clusterIP: 198.19.1.1, ports: [{nodePort: 30001}]}}");

    assertThatThrownBy(
            () -> addresses.assign(service("{spec: {clusterIP: 198.19.1.1}}"), taken(other)))
        .hasMessage("failed to allocate IP 198.19.1.1: provided IP is already allocated");
    assertThatThrownBy(
            () ->
                addresses.assign(
                    service("{spec: {type: NodePort, ports: [{port: 1, nodePort: 30001}]}}"),
                    taken(other)))
        .hasMessage("provided port is already allocated");
  }

  @Test
  void refusesANodePortOutOfRange() {
    var service = service("{spec: {type: NodePort, ports: [{port: 80, nodePort: 80}]}}");

    assertThatThrownBy(() -> addresses.assign(service, taken()))
        .hasMessageContaining("30000-32767");
  }

  @Test
  void saysWhenAllAddressesAreTaken() {
    var others =
        IntStream.rangeClosed(2, 254)
            .mapToObj(n -> service("{spec: {clusterIP: 198.19.7." + n + "}}"))
            .toArray(JsonNode[]::new);

    assertThatThrownBy(() -> addresses.assign(service("{spec: {}}"), taken(others)))
        .hasMessageContaining("range is full");
  }

  private static ServiceAddresses newAddresses() {
    return new ServiceAddresses(number -> "198.19.7." + number, 254, 31000, 31009, new Random(1));
  }

  private static ServiceAddresses.Taken taken(JsonNode... services) {
    var addresses = Stream.of(services).map(it -> it.at("/spec/clusterIP").asText()).toList();
    var ports =
        Stream.of(services)
            .flatMap(it -> it.at("/spec/ports").valueStream())
            .map(port -> port.path("nodePort").asInt())
            .toList();
    return new ServiceAddresses.Taken(addresses::contains, ports::contains);
  }

  private static ObjectNode service(String yaml) {
    try {
      return (ObjectNode) new ObjectMapper(new YAMLFactory()).readTree(yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
