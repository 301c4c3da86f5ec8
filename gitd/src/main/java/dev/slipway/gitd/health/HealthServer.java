package dev.slipway.gitd.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** Answers {@code /livez}, {@code /readyz} and {@code /metrics} over HTTP. */
public final class HealthServer implements AutoCloseable {
  /** In seconds: who has begun to ask and falls silent would hold a connection for ever. */
  private static final int TIME_TO_ASK = 10;

  static {
    // For all servers of the process: the JDK reads it when the first one is made.
    System.setProperty("sun.net.httpserver.maxReqTime", String.valueOf(TIME_TO_ASK));
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private HealthServer(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
  }

  /**
   * Starts to answer.
   *
   * @param port on all addresses; 0 chooses a free one
   */
  public static HealthServer start(int port, PrometheusMeterRegistry meters, BooleanSupplier ready)
      throws IOException {
    HttpServer http = HttpServer.create(new InetSocketAddress(port), 0);
    http.createContext("/livez", exchange -> answer(exchange, 200, "ok\n"));
    http.createContext(
        "/readyz",
        exchange -> {
          boolean now = ready.getAsBoolean();
          answer(exchange, now ? 200 : 503, now ? "ok\n" : "not ready\n");
        });
    http.createContext("/metrics", exchange -> answer(exchange, 200, meters.scrape()));
    HealthServer server = new HealthServer(http);
    http.start();
    return server;
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    try (exchange) {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
