package dev.slipway.demo.cluster.process;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports of the loopback address at which nobody listens. */
public final class FreePort {
  /**
   * Below the ports of Services and those that the kernel gives to clients: until somebody listens
   * at one of these, any process' connection could get it.
   */
  private static final int FIRST = 20_000;

  private static final int END = 30_000;

  private static final AtomicInteger next =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(FIRST, END));

  private FreePort() {}

  /** Another one each time. */
  public static int find() throws IOException {
    for (int i = FIRST; i < END; i++) {
      int port = next.getAndUpdate(it -> it + 1 < END ? it + 1 : FIRST);
      if (isFree(port)) {
        return port;
      }
    }
    throw new BindException("No free port from %d to %d".formatted(FIRST, END - 1));
  }

  /**
   * Asks with a socket that never listens: a process that is being started may have it for a moment
   * longer, and it must not keep anybody from listening.
   */
  private static boolean isFree(int port) throws IOException {
    try (var probe = new Socket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (BindException e) {
      return false;
    }
  }
}
