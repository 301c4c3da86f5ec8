package dev.slipway.demo.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * One cluster's share of 198.18.0.0/15, which RFC 2544 sets aside for tests and which therefore
 * meets no real network: {@code 198.18.n.0/24} for pods and {@code 198.19.n.0/24} for Services.
 *
 * <p>Held by a lock on a file, so that clusters side by side never share one, and a killed process
 * holds none.
 */
public final class ClusterAddresses implements AutoCloseable {
  private static final int BLOCKS = 256;

  private final int block;
  private final FileChannel lock;

  private ClusterAddresses(int block, FileChannel lock) {
    this.block = block;
    this.lock = lock;
  }

  /** Claims the first free share of this machine. */
  public static ClusterAddresses claim() {
    var directory = Path.of(System.getProperty("java.io.tmpdir"), "slipway-addresses");
    try {
      Files.createDirectories(directory);
      for (int block = 0; block < BLOCKS; block++) {
        var lock = tryLock(directory.resolve(Integer.toString(block)));
        if (lock != null) {
          return new ClusterAddresses(block, lock);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot claim addresses under " + directory, e);
    }
    throw new IllegalStateException("All " + BLOCKS + " blocks of addresses are in use");
  }

  private static @Nullable FileChannel tryLock(Path file) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // Another cluster of this very process holds it.
    }
    channel.close();
    return null;
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
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot give back block " + block + " of addresses", e);
    }
  }
}
