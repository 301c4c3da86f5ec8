package dev.slipway.demo.cluster.node.kubelet;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;

/** A log on its way out, answered with 200 when its first piece comes. */
final class LateBody extends OutputStream {
  private static final int LENGTH_NOT_KNOWN = 0;

  private final HttpExchange exchange;
  private boolean begun;

  LateBody(HttpExchange exchange) {
    this.exchange = exchange;
  }

  boolean hasBegun() {
    return begun;
  }

  @Override
  public void write(int single) throws IOException {
    begin().write(single);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    begin().write(bytes, offset, length);
  }

  @Override
  public void flush() throws IOException {
    begin().flush();
  }

  private OutputStream begin() throws IOException {
    if (!begun) {
      begun = true;
      exchange.getResponseHeaders().set("Content-Type", "text/plain");
      exchange.sendResponseHeaders(200, LENGTH_NOT_KNOWN);
    }
    return exchange.getResponseBody();
  }
}
