package dev.slipway.demo.cluster.node.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes TCP connections to one address on to whoever is to have the next one. */
public final class TcpForwarder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TcpForwarder.class);

  private final ServerSocketChannel server;
  private final Supplier<Optional<InetSocketAddress>> next;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private final Thread acceptor;

  private TcpForwarder(ServerSocketChannel server, Supplier<Optional<InetSocketAddress>> next) {
    this.server = server;
    this.next = next;
    this.acceptor =
        Thread.ofVirtual()
            .name("accept " + server.socket().getLocalSocketAddress())
            .start(this::accept);
  }

  /**
   * Listens at once.
   *
   * @param next the target of the next connection; none resets it, as a Service without endpoints
   *     does
   */
  public static TcpForwarder listen(
      InetSocketAddress address, Supplier<Optional<InetSocketAddress>> next) throws IOException {
    var server = ServerSocketChannel.open();
    try {
      server.bind(address);
    } catch (IOException e) {
      server.close();
      throw e;
    }
    return new TcpForwarder(server, next);
  }

  /** The port that it listens at. */
  public int port() {
    return server.socket().getLocalPort();
  }

  private void accept() {
    while (true) {
      SocketChannel client;
      try {
        client = server.accept();
      } catch (IOException e) {
        return;
      }
      Thread.ofVirtual().start(() -> serve(client));
    }
  }

  private void serve(SocketChannel client) {
    open.add(client);
    try (client) {
      var target = next.get();
      if (target.isEmpty()) {
        client.setOption(StandardSocketOptions.SO_LINGER, 0);
        return;
      }
      try (var backend = SocketChannel.open(target.get())) {
        open.add(backend);
        try {
          client.setOption(StandardSocketOptions.TCP_NODELAY, true);
          backend.setOption(StandardSocketOptions.TCP_NODELAY, true);
          var back = Thread.ofVirtual().start(() -> pump(backend, client));
          pump(client, backend);
          back.join();
        } finally {
          open.remove(backend);
        }
      }
    } catch (IOException e) {
      log.debug("A connection to {} ends: {}", server, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
    }
  }

  /** One direction, to its end; the other may go on. */
  private static void pump(SocketChannel from, SocketChannel to) {
    var buffer = ByteBuffer.allocate(64 * 1024);
    try {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
      to.shutdownOutput();
    } catch (IOException e) {
      closeQuietly(from);
      closeQuietly(to);
    }
  }

  private static void closeQuietly(Channel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      log.debug("Cannot close {}", channel, e);
    }
  }

  /** Returns when the address is free: the socket lives as long as a thread waits at it. */
  @Override
  public void close() {
    closeQuietly(server);
    try {
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    open.forEach(TcpForwarder::closeQuietly);
  }
}
