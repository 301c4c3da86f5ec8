package dev.slipway.demo.cluster.control.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.ClusterAddresses;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/**
 * Gives a Service the cluster address and node ports that it needs and that no other Service has.
 *
 * <p>Belongs into the API server's create and update, where a real one does it too: a Service must
 * never be seen without its addresses.
 */
public final class ServiceAddresses {
  /** The first address of the block belongs to the API itself. */
  private static final int FIRST_ADDRESS = 2;

  private static final int FIRST_PORT = 30000;
  private static final int LAST_PORT = 32767;

  private final IntFunction<String> block;
  private final int lastAddress;
  private final RandomGenerator random;

  /**
   * @param block the address for each number from 2 on
   * @param lastAddress the last number
   * @param random decides which of the free ones are taken
   */
  ServiceAddresses(IntFunction<String> block, int lastAddress, RandomGenerator random) {
    this.block = block;
    this.lastAddress = lastAddress;
    this.random = random;
  }

  /** Those of one cluster's share. */
  public static ServiceAddresses in(ClusterAddresses share) {
    return new ServiceAddresses(share::service, 254, new SecureRandom());
  }

  /** Sixty thousand of kubeadm's default range, for Services that nobody connects to. */
  public static ServiceAddresses leadingNowhere() {
    return new ServiceAddresses(
        number -> "10.96." + number / 256 + "." + number % 256, 0xffff, new SecureRandom());
  }

  /** What the other Services of the cluster have. */
  public interface Taken {
    boolean hasAddress(String address);

    boolean hasPort(int port);
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
   */
  public void assign(ObjectNode service, Taken taken) throws UnavailableException {
    var spec = service.withObjectProperty("spec");
    var type = spec.path("type").asText("ClusterIP");
    if (type.equals("ExternalName")) {
      spec.remove(List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"));
    } else {
      assignAddress(spec, taken);
    }
    assignPorts(spec, taken, type.equals("NodePort") || type.equals("LoadBalancer"));
  }

  private void assignAddress(ObjectNode spec, Taken taken) throws UnavailableException {
    var wanted = spec.path("clusterIP").asText("");
    if (wanted.isEmpty()) {
      wanted = freeAddress(taken);
    } else if (!wanted.equals("None") && taken.hasAddress(wanted)) {
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

  private String freeAddress(Taken taken) throws UnavailableException {
    int count = lastAddress - FIRST_ADDRESS + 1;
    int start = random.nextInt(count);
    for (int i = 0; i < count; i++) {
      var address = block.apply(FIRST_ADDRESS + (start + i) % count);
      if (!taken.hasAddress(address)) {
        return address;
      }
    }
    throw new UnavailableException(
        "spec.clusterIPs", "", "failed to allocate a serviceIP: range is full");
  }

  private void assignPorts(ObjectNode spec, Taken taken, boolean onNode)
      throws UnavailableException {
    var given = new HashSet<Integer>();
    int index = 0;
    for (var port : spec.path("ports")) {
      var entry = (ObjectNode) port;
      if (onNode) {
        assignPort(entry, taken, given, "spec.ports[" + index + "].nodePort");
      } else {
        entry.remove("nodePort");
      }
      index++;
    }
  }

  private void assignPort(ObjectNode port, Taken taken, Set<Integer> given, String field)
      throws UnavailableException {
    int wanted = port.path("nodePort").asInt(0);
    if (wanted == 0) {
      do {
        wanted = random.nextInt(FIRST_PORT, LAST_PORT + 1);
      } while (taken.hasPort(wanted) || given.contains(wanted));
    } else if (wanted < FIRST_PORT || wanted > LAST_PORT) {
      throw new UnavailableException(
          field,
          Integer.toString(wanted),
          "provided port is not in the valid range. The range of valid ports is %d-%d"
              .formatted(FIRST_PORT, LAST_PORT));
    } else if (taken.hasPort(wanted) || given.contains(wanted)) {
      throw new UnavailableException(
          field, Integer.toString(wanted), "provided port is already allocated");
    }
    given.add(wanted);
    port.put("nodePort", wanted);
  }
}
