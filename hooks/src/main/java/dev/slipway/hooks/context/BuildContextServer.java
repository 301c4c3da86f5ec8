package dev.slipway.hooks.context;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Serves build contexts over HTTP: {@code GET /contexts/<id>} with a bearer token. */
public final class BuildContextServer implements AutoCloseable {
  private static final String PATH = "/contexts/";
  private static final String BEARER = "Bearer ";
  private static final int BUFFER = 1 << 16;

  private final HttpServer server;
  private final ExecutorService threads;
  private final BuildContexts contexts;

  private BuildContextServer(HttpServer server, ExecutorService threads, BuildContexts contexts) {
    this.server = server;
    this.threads = threads;
    this.contexts = contexts;
  }

  /**
   * Starts to serve.
   *
   * @param port on all addresses; 0 chooses a free one
   */
  public static BuildContextServer start(int port, BuildContexts contexts) throws IOException {
    HttpServer http = HttpServer.create(new InetSocketAddress(port), 0);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    BuildContextServer server = new BuildContextServer(http, threads, contexts);
    http.setExecutor(threads);
    http.createContext("/", server::answer);
    http.start();
    return server;
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (!path.startsWith(PATH)) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      if (!exchange.getRequestMethod().equals("GET")) {
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      switch (contexts.find(path.substring(PATH.length()), token(exchange))) {
        case BuildContexts.Answer.Unknown() -> exchange.sendResponseHeaders(404, -1);
        case BuildContexts.Answer.Refused() -> exchange.sendResponseHeaders(401, -1);
        case BuildContexts.Answer.Granted(BuildContexts.Offer offer) -> send(exchange, offer);
      }
    }
  }

  private static void send(HttpExchange exchange, BuildContexts.Offer offer) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/x-tar");
    exchange.sendResponseHeaders(200, offer.bytes());
    try (OutputStream out = new BufferedOutputStream(exchange.getResponseBody(), BUFFER)) {
      offer.writeTo(out);
    }
  }

  private static @Nullable String token(HttpExchange exchange) {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    return header != null && header.startsWith(BEARER) ? header.substring(BEARER.length()) : null;
  }
}
