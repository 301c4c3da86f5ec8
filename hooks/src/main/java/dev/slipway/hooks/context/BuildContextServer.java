package dev.slipway.hooks.context;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** Serves build contexts over HTTP: {@code GET /contexts/<id>} with a bearer token. */
public final class BuildContextServer implements AutoCloseable {
  private final HttpServer server;

  private BuildContextServer(HttpServer server) {
    this.server = server;
  }

  /**
   * Starts to serve.
   *
   * @param port on all addresses; 0 chooses a free one
   */
  public static BuildContextServer start(int port, BuildContexts contexts) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return new BuildContextServer(server);
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
