package dev.slipway.demo.cluster.api.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.slipway.demo.cluster.http.LazyBody;
import dev.slipway.demo.cluster.process.FreePort;
import dev.slipway.demo.cluster.schema.Rejected;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTPS port: turns exchanges into requests and replies into bytes, one thread for each. */
public final class HttpFrontend implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpFrontend.class);
  private static final int NO_BODY = -1;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(1);

  private final SSLContext tls;
  private final Handler handler;
  private final int port;
  private Listening listening;

  private @Nullable Socket holding;

  private record Listening(HttpsServer server, ExecutorService threads) {}

  private HttpFrontend(SSLContext tls, Handler handler) throws IOException {
    this.tls = tls;
    this.handler = handler;
    this.port = FreePort.find();
    this.listening = listen();
  }

  private Listening listen() throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    var server = HttpsServer.create(address, 0);
    var threads = Executors.newVirtualThreadPerTaskExecutor();
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls) {
          @Override
          public void configure(HttpsParameters parameters) {
            var wanted = tls.getDefaultSSLParameters();
            wanted.setWantClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    server.setExecutor(threads);
    server.createContext("/", this::exchange);
    server.start();
    return new Listening(server, threads);
  }

  /** Listens on a free port of the loopback address. */
  public static HttpFrontend start(SSLContext tls, Handler handler) throws IOException {
    // 44 ms instead of 1 ms for each call without it: Nagle's algorithm meets delayed ACKs.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    // Longer than clients keep theirs: a connection that we close meets a request under way.
    System.setProperty("sun.net.httpserver.idleInterval", "600");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "1000");
    return new HttpFrontend(tls, handler);
  }

  public int port() {
    return port;
  }

  /**
   * Breaks all connections and refuses new ones until {@link #reopen}. The port stays taken, by a
   * socket that does not listen: any client's connection could get it otherwise.
   */
  public synchronized void refuse() throws IOException {
    stop();
    holding = again(this::hold);
  }

  private Socket hold() throws IOException {
    var holder = new Socket();
    try {
      holder.setReuseAddress(true);
      holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return holder;
    } catch (IOException e) {
      holder.close();
      throw e;
    }
  }

  /** Listens again on the port that it had. */
  public synchronized void reopen() throws IOException {
    if (holding != null) {
      holding.close();
      holding = null;
    }
    listening = again(this::listen);
  }

  /**
   * A process that is being started has the closed listener too until it runs its program, and the
   * port stays taken for so long.
   */
  private static <T> T again(Binding<T> binding) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return binding.bind();
      } catch (BindException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  @FunctionalInterface
  private interface Binding<T> {
    T bind() throws IOException;
  }

  @Override
  public synchronized void close() {
    stop();
  }

  private void stop() {
    listening.server().stop(0);
    listening.threads().shutdownNow();
  }

  private void exchange(HttpExchange exchange) throws IOException {
    try (exchange) {
      var warnings = new ArrayList<String>();
      var reply = answer(exchange, warnings);
      var headers = exchange.getResponseHeaders();
      warnings.forEach(text -> headers.add("Warning", "299 - " + quoted(text)));
      headers.set("Cache-Control", "no-cache, private");
      send(exchange, reply);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Reply answer(HttpExchange exchange, List<String> warnings) throws InterruptedException {
    try {
      return handler.handle(request(exchange, warnings));
    } catch (Rejected e) {
      return Reply.of(e);
    } catch (IOException | RuntimeException e) {
      log.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
      return Reply.of(Rejected.of(500, "InternalError", "Internal error: " + e));
    }
  }

  private static void send(HttpExchange exchange, Reply reply)
      throws IOException, InterruptedException {
    var headers = exchange.getResponseHeaders();
    switch (reply) {
      case Reply.Bytes(var status, var contentType, var body, var more) -> {
        headers.set("Content-Type", contentType);
        more.forEach(headers::set);
        exchange.sendResponseHeaders(status, body.length == 0 ? NO_BODY : body.length);
        if (body.length > 0) {
          exchange.getResponseBody().write(body);
        }
      }
      case Reply.Empty(var status, var more) -> {
        more.forEach(headers::set);
        exchange.sendResponseHeaders(status, NO_BODY);
      }
      case Reply.Stream(var status, var contentType, var writer) -> {
        headers.set("Content-Type", contentType);
        stream(new LazyBody(exchange, status), writer);
      }
    }
  }

  private static void stream(LazyBody body, Reply.Writer writer)
      throws IOException, InterruptedException {
    try {
      writer.writeTo(body);
      body.flush();
    } catch (Rejected e) {
      if (body.hasBegun()) {
        log.debug("A stream ended early: {}", e.getMessage());
      } else {
        send(body.exchange(), Reply.of(e));
      }
    } catch (IOException e) {
      log.debug("A stream broke", e);
      body.breakConnection();
    }
  }

  private static ApiRequest request(HttpExchange exchange, List<String> warnings)
      throws IOException {
    var uri = exchange.getRequestURI();
    var path = new ArrayList<String>();
    for (var segment : uri.getRawPath().split("/", -1)) {
      if (!segment.isEmpty()) {
        path.add(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
      }
    }
    Map<String, List<String>> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
    return new ApiRequest(
        exchange.getRequestMethod(),
        List.copyOf(path),
        Query.parse(uri.getRawQuery()),
        headers,
        exchange.getRequestBody().readAllBytes(),
        certificate(exchange),
        warnings::add);
  }

  private static Optional<X509Certificate> certificate(HttpExchange exchange) {
    try {
      return exchange instanceof HttpsExchange https
              && https.getSSLSession().getPeerCertificates()[0] instanceof X509Certificate shown
          ? Optional.of(shown)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
