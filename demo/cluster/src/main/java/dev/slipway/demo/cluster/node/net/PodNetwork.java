package dev.slipway.demo.cluster.node.net;

import dev.slipway.demo.cluster.ClusterAddresses;
import dev.slipway.demo.cluster.node.container.Sandbox;
import dev.slipway.demo.cluster.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;

/**
 * The pods' network on this machine: a cable from the host to each sandbox, and one device of the
 * host that carries the node's own address and those of the Services.
 *
 * <p>The other end of that device is in a sandbox of its own, so it goes when we go.
 */
public final class PodNetwork implements AutoCloseable {
  private static final int LAST = 254;

  private final ClusterAddresses addresses;
  private final Sandbox anchor;
  private final BitSet used = new BitSet();
  private int last = 1;

  private PodNetwork(ClusterAddresses addresses, Sandbox anchor) {
    this.addresses = addresses;
    this.anchor = anchor;
    used.set(0, 2);
  }

  public static PodNetwork open(ClusterAddresses addresses)
      throws IOException, InterruptedException {
    var anchor = Sandbox.start();
    var network = new PodNetwork(addresses, anchor);
    try {
      var device = network.device();
      // What a killed predecessor had goes a moment after it: do not wait for that.
      Command.of("ip", "link", "del", device).run();
      network.ip(
          """
          link add %1$s type veth peer name %1$s netns %2$d
          addr add %3$s/32 dev %1$s
          link set %1$s up
          """
              .formatted(device, anchor.pid(), addresses.host()));
      return network;
    } catch (IOException | InterruptedException e) {
      anchor.close();
      throw e;
    }
  }

  private String device() {
    return "slipway" + addresses.block();
  }

  /** The address under which pods see the host. */
  public String hostAddress() {
    return addresses.host();
  }

  /** Connects the sandbox; answers its address. */
  public String attach(Sandbox sandbox) throws IOException, InterruptedException {
    int number = claim();
    var address = addresses.pod(number);
    var device = "sw" + addresses.block() + "p" + number;
    try {
      Command.of("ip", "link", "del", device).run();
      ip(
          """
          link add %1$s type veth peer name eth0 netns %2$d
          link set %1$s up
          route add %3$s/32 dev %1$s src %4$s
          """
              .formatted(device, sandbox.pid(), address, addresses.host()));
      // Only this device, so that nothing of the machine's own settings changes.
      Files.writeString(Path.of("/proc/sys/net/ipv4/conf/" + device + "/forwarding"), "1");
      sandbox.runReading(
          """
          link set lo up
          link set eth0 up
          addr add %1$s/32 dev eth0
          route add %2$s dev eth0
          route add default via %2$s
          """
              .formatted(address, addresses.host()),
          "ip",
          "-batch",
          "-");
      return address;
    } catch (IOException | InterruptedException e) {
      release(address);
      throw e;
    }
  }

  /** The sandbox with this address is gone. */
  public void release(String address) {
    synchronized (used) {
      used.clear(Integer.parseInt(address.substring(address.lastIndexOf('.') + 1)));
    }
  }

  /**
   * In turn, as networks of real clusters do: who does not know yet that a pod is gone must not
   * find another one at its address.
   */
  private int claim() throws IOException {
    synchronized (used) {
      int next = used.nextClearBit(last + 1);
      int number = next > LAST ? used.nextClearBit(0) : next;
      if (number > LAST) {
        throw new IOException("all pod addresses are in use");
      }
      used.set(number);
      last = number;
      return number;
    }
  }

  /** Lets the host, and with it all pods, answer at a Service's address. */
  void addServiceAddress(String address) throws IOException, InterruptedException {
    ip("addr replace " + address + "/32 dev " + device() + "\n");
  }

  void removeServiceAddress(String address) throws IOException, InterruptedException {
    ip("addr del " + address + "/32 dev " + device() + "\n");
  }

  private void ip(String batch) throws IOException, InterruptedException {
    Command.of("ip", "-batch", "-").reading(batch).runOrFail();
  }

  @Override
  public void close() {
    anchor.close();
  }
}
