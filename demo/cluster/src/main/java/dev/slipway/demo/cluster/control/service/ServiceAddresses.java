package dev.slipway.demo.cluster.control.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Gives a Service the cluster address and node ports that it needs and that no other Service has.
 *
 * <p>Belongs into the API server's create and update, where a real one does it too: a Service must
 * never be seen without its addresses.
 */
public final class ServiceAddresses {
  /** The first address of the block belongs to the API itself. */
  private static final int FIRST_ADDRESS = 2;

  private static final int LAST_ADDRESS = 254;
  private static final int FIRST_PORT = 30000;
  private static final int LAST_PORT = 32767;

  private final IntFunction<String> block;
  private final RandomGenerator random;

  /**
   * @param block the address for each number from 2 to 254
   * @param random decides which of the free ones are taken
   */
  public ServiceAddresses(IntFunction<String> block, RandomGenerator random) {
    this.block = block;
    this.random = random;
  }

  /**
   * A wish that cannot be fulfilled; the API answers it with 422.
   *
   * <p>{@code field} is the path in the Service, {@code value} what was asked for.
   */
  public static final class UnavailableException extends Exception {
    private final String field;
    private final String value;

    UnavailableException(String field, String value, String message) {
      super(message);
      this.field = field;
      this.value = value;
    }

    /** Path of the refused field, such as {@code spec.ports[0].nodePort}. */
    public String field() {
      return field;
    }

    /** The refused value. */
    public String value() {
      return value;
    }
  }

  /**
   * Fills in what is missing: {@code clusterIP}, {@code clusterIPs}, {@code ipFamilies}, {@code
   * ipFamilyPolicy} and each port's {@code nodePort}; takes away what the type no longer has.
   *
   * @param service with what the stored one has already; changed in place
   * @param others all other Services of the cluster, not this one
   */
  public void assign(ObjectNode service, Iterable<JsonNode> others) throws UnavailableException {
    var spec = service.withObjectProperty("spec");
    var takenAddresses = new HashSet<String>();
    var takenPorts = new HashSet<Integer>();
    for (var other : others) {
      takenAddresses.add(other.at("/spec/clusterIP").asText());
      other.at("/spec/ports").forEach(port -> takenPorts.add(port.path("nodePort").asInt()));
    }
    var type = spec.path("type").asText("ClusterIP");
    if (type.equals("ExternalName")) {
      spec.remove(List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"));
    } else {
      assignAddress(spec, takenAddresses);
    }
    assignPorts(spec, takenPorts, type.equals("NodePort") || type.equals("LoadBalancer"));
  }

  private void assignAddress(ObjectNode spec, Set<String> taken) throws UnavailableException {
    var wanted = spec.path("clusterIP").asText("");
    if (wanted.isEmpty()) {
      wanted = freeAddress(taken);
    } else if (!wanted.equals("None") && taken.contains(wanted)) {
      throw new UnavailableException(
          "spec.clusterIPs",
          wanted,
          "failed to allocate IP " + wanted + ": provided IP is already allocated");
    }
    spec.put("clusterIP", wanted);
    spec.putArray("clusterIPs").add(wanted);
    spec.putArray("ipFamilies").add("IPv4");
    spec.put("ipFamilyPolicy", "SingleStack");
  }

  private String freeAddress(Set<String> taken) throws UnavailableException {
    var free =
        IntStream.rangeClosed(FIRST_ADDRESS, LAST_ADDRESS)
            .mapToObj(block)
            .filter(address -> !taken.contains(address))
            .toList();
    if (free.isEmpty()) {
      throw new UnavailableException(
          "spec.clusterIPs", "", "failed to allocate a serviceIP: range is full");
    }
    return free.get(random.nextInt(free.size()));
  }

  private void assignPorts(ObjectNode spec, Set<Integer> taken, boolean onNode)
      throws UnavailableException {
    int index = 0;
    for (var port : spec.path("ports")) {
      var entry = (ObjectNode) port;
      if (onNode) {
        assignPort(entry, taken, "spec.ports[" + index + "].nodePort");
      } else {
        entry.remove("nodePort");
      }
      index++;
    }
  }

  private void assignPort(ObjectNode port, Set<Integer> taken, String field)
      throws UnavailableException {
    int wanted = port.path("nodePort").asInt(0);
    if (wanted == 0) {
      do {
        wanted = random.nextInt(FIRST_PORT, LAST_PORT + 1);
      } while (taken.contains(wanted));
    } else if (wanted < FIRST_PORT || wanted > LAST_PORT) {
      throw new UnavailableException(
          field,
          Integer.toString(wanted),
          "provided port is not in the valid range. The range of valid ports is %d-%d"
              .formatted(FIRST_PORT, LAST_PORT));
    } else if (taken.contains(wanted)) {
      throw new UnavailableException(
          field, Integer.toString(wanted), "provided port is already allocated");
    }
    taken.add(wanted);
    port.put("nodePort", wanted);
  }
}
