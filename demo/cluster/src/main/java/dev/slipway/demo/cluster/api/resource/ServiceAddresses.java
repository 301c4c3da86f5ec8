package dev.slipway.demo.cluster.api.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.ClusterAddresses;
import dev.slipway.demo.cluster.schema.FieldError;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Gives a Service the cluster address and node ports that it needs and that no other Service has.
 */
public final class ServiceAddresses {
  /** The first address of the block belongs to the API itself. */
  private static final int FIRST_ADDRESS = 2;

  private static final int FIRST_PORT = 30000;
  private static final int LAST_PORT = 32767;

  private final IntFunction<String> block;
  private final int lastAddress;
  private final int firstPort;
  private final int lastPort;
  private final RandomGenerator random;

  /**
   * @param block the address for each number from 2 on
   * @param lastAddress the last number
   * @param firstPort of the node ports that are given to who asks for any
   * @param lastPort of those
   * @param random decides which of the free ones are taken
   */
  ServiceAddresses(
      IntFunction<String> block,
      int lastAddress,
      int firstPort,
      int lastPort,
      RandomGenerator random) {
    this.block = block;
    this.lastAddress = lastAddress;
    this.firstPort = firstPort;
    this.lastPort = lastPort;
    this.random = random;
  }

  /** Those of one cluster's share. */
  public static ServiceAddresses in(ClusterAddresses share) {
    return new ServiceAddresses(
        share::service, 254, share.firstNodePort(), share.lastNodePort(), new SecureRandom());
  }

  /** Sixty thousand of kubeadm's default range, for Services that nobody connects to. */
  public static ServiceAddresses leadingNowhere() {
    return new ServiceAddresses(
        number -> "10.96." + number / 256 + "." + number % 256,
        0xffff,
        FIRST_PORT,
        LAST_PORT,
        new SecureRandom());
  }

  /** What the other Services of the cluster have. */
  record Taken(Predicate<String> addresses, IntPredicate ports) {}

  /** A wish that cannot be fulfilled; the API answers it with 422. */
  static final class Unavailable extends Exception {
    private final transient FieldError error;

    Unavailable(String field, String value, String message) {
      super(message);
      this.error = FieldError.invalid(field, value, message);
    }

    FieldError error() {
      return error;
    }
  }

  /**
   * Fills in what is missing: {@code clusterIP}, {@code clusterIPs}, {@code ipFamilies}, {@code
   * ipFamilyPolicy} and each port's {@code nodePort}; takes away what the type no longer has.
   *
   * @param service with what the stored one has already; changed in place
   */
  void assign(ObjectNode service, Taken taken) throws Unavailable {
    var spec = service.withObjectProperty("spec");
    var type = spec.path("type").asText("ClusterIP");
    if (type.equals("ExternalName")) {
      spec.remove(List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"));
    } else {
      assignAddress(spec, taken);
    }
    assignPorts(spec, taken, type.equals("NodePort") || type.equals("LoadBalancer"));
  }

  private void assignAddress(ObjectNode spec, Taken taken) throws Unavailable {
    var wanted = spec.path("clusterIP").asText("");
    if (wanted.isEmpty()) {
      wanted = freeAddress(taken);
    } else if (!wanted.equals("None") && taken.addresses().test(wanted)) {
      throw new Unavailable(
          "spec.clusterIPs",
          wanted,
          "failed to allocate IP " + wanted + ": provided IP is already allocated");
    }
    spec.put("clusterIP", wanted);
    spec.putArray("clusterIPs").add(wanted);
    spec.putArray("ipFamilies").add("IPv4");
    spec.put("ipFamilyPolicy", "SingleStack");
  }

  private String freeAddress(Taken taken) throws Unavailable {
    int count = lastAddress - FIRST_ADDRESS + 1;
    int start = random.nextInt(count);
    for (int i = 0; i < count; i++) {
      var address = block.apply(FIRST_ADDRESS + (start + i) % count);
      if (!taken.addresses().test(address)) {
        return address;
      }
    }
    throw new Unavailable("spec.clusterIPs", "", "failed to allocate a serviceIP: range is full");
  }

  private void assignPorts(ObjectNode spec, Taken taken, boolean onNode) throws Unavailable {
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
      throws Unavailable {
    int wanted = port.path("nodePort").asInt(0);
    if (wanted == 0) {
      do {
        wanted = random.nextInt(firstPort, lastPort + 1);
      } while (taken.ports().test(wanted) || given.contains(wanted));
    } else if (wanted < FIRST_PORT || wanted > LAST_PORT) {
      throw new Unavailable(
          field,
          Integer.toString(wanted),
          "provided port is not in the valid range. The range of valid ports is %d-%d"
              .formatted(FIRST_PORT, LAST_PORT));
    } else if (taken.ports().test(wanted) || given.contains(wanted)) {
      throw new Unavailable(field, Integer.toString(wanted), "provided port is already allocated");
    }
    given.add(wanted);
    port.put("nodePort", wanted);
  }
}
