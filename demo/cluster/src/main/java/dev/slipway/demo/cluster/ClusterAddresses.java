package dev.slipway.demo.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;

/**
 * One cluster's share of 198.18.0.0/15, which RFC 2544 sets aside for tests and which therefore
 * meets no real network: {@code 198.18.n.0/24} for pods and {@code 198.19.n.0/24} for Services. And
 * of Kubernetes' node ports, which all clusters of a machine have on the same loopback.
 *
 * <p>Held by a lock on a file, so that clusters side by side never share one, and a killed process
 * holds none.
 */
public final class ClusterAddresses implements AutoCloseable {
  private static final int BLOCKS = 256;
  private static final int FIRST_NODE_PORT = 30000;

  /** Of 2768; more than sixteen clusters side by side may draw the same ones. */
  private static final int NODE_PORTS = 173;

  private static final int SHARES_OF_NODE_PORTS = 16;
  private static final Path DIRECTORY =
      Path.of(System.getProperty("java.io.tmpdir"), "slipway-addresses");
  private static final Set<Integer> OWN = ConcurrentHashMap.newKeySet();

  private final int block;
  private final FileChannel lock;

  private ClusterAddresses(int block, FileChannel lock) {
    this.block = block;
    this.lock = lock;
  }

  /** Claims the first free share of this machine. */
  public static ClusterAddresses claim() {
    try {
      for (int block = 0; block < BLOCKS; block++) {
        var claimed = claim(block);
        if (claimed.isPresent()) {
          return claimed.get();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot claim addresses", e);
    }
    throw new IllegalStateException("All " + BLOCKS + " blocks of addresses are in use");
  }

  /**
   * Does something for those of the given shares that nobody holds, and keeps everybody from taking
   * them meanwhile: what is named after them can go, as whoever made it was killed.
   */
  public static void forEachFree(Collection<Integer> blocks, IntConsumer action)
      throws IOException {
    for (int block : blocks) {
      var claimed = claim(block);
      if (claimed.isPresent()) {
        try (var _ = claimed.get()) {
          action.accept(block);
        }
      }
    }
  }

  private static Optional<ClusterAddresses> claim(int block) throws IOException {
    // Not even opened when it is our own: closing it would give up the lock of this whole process.
    if (!OWN.add(block)) {
      return Optional.empty();
    }
    var file = Files.createDirectories(DIRECTORY).resolve(Integer.toString(block));
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.tryLock() != null) {
      return Optional.of(new ClusterAddresses(block, channel));
    }
    channel.close();
    OWN.remove(block);
    return Optional.empty();
  }

  /** Number of this share on the machine, 0 to 255: names whatever is global to the machine. */
  public int block() {
    return block;
  }

  /** The address of the machine itself in the pods' network. */
  public String host() {
    return pod(1);
  }

  /** Address of a pod, 1 to 254; 1 is the machine itself. */
  public String pod(int number) {
    return "198.18." + block + "." + checked(number);
  }

  /** Address of a Service, 1 to 254; 1 is the API's own, {@code kubernetes.default.svc}. */
  public String service(int number) {
    return "198.19." + block + "." + checked(number);
  }

  /** All addresses of Services, such as {@code 198.19.7.0/24}. */
  public String serviceRange() {
    return "198.19." + block + ".0/24";
  }

  /** The first of the ports that this cluster gives to Services which ask for any. */
  public int firstNodePort() {
    return FIRST_NODE_PORT + block % SHARES_OF_NODE_PORTS * NODE_PORTS;
  }

  /** The last of them. */
  public int lastNodePort() {
    return firstNodePort() + NODE_PORTS - 1;
  }

  private static int checked(int number) {
    if (number < 1 || number > 254) {
      throw new IllegalArgumentException("No address number " + number + " in a /24");
    }
    return number;
  }

  @Override
  public void close() {
    try {
      lock.close();
      OWN.remove(block);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot give back block " + block + " of addresses", e);
    }
  }
}
