package dev.slipway.demo.cluster.api.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;

/** A response body of unknown length whose headers wait for the first write or flush. */
final class LazyBody extends OutputStream {
  private static final int LENGTH_NOT_KNOWN = 0;

  private final HttpExchange exchange;
  private final int status;
  private boolean begun;

  LazyBody(HttpExchange exchange, int status) {
    this.exchange = exchange;
    this.status = status;
  }

  HttpExchange exchange() {
    return exchange;
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
      exchange.sendResponseHeaders(status, LENGTH_NOT_KNOWN);
    }
    return exchange.getResponseBody();
  }
}
