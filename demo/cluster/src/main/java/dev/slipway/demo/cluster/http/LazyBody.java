package dev.slipway.demo.cluster.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;

/** A response body of unknown length whose headers wait for the first write or flush. */
public final class LazyBody extends OutputStream {
  private static final int LENGTH_NOT_KNOWN = 0;

  private final HttpExchange exchange;
  private final int status;
  private boolean begun;

  public LazyBody(HttpExchange exchange, int status) {
    this.exchange = exchange;
    this.status = status;
  }

  public HttpExchange exchange() {
    return exchange;
  }

  public boolean hasBegun() {
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

  /**
   * Closes the connection without the end of the body, so that the client knows it is not whole.
   */
  public void breakConnection() {
    exchange.setStreams(
        null,
        new OutputStream() {
          @Override
          public void write(int single) throws IOException {
            throw new IOException("the stream broke before");
          }

          @Override
          public void close() throws IOException {
            // The exchange then closes the connection, which it offers no other way to do.
            throw new IOException("the stream broke before");
          }
        });
    exchange.close();
  }

  private OutputStream begin() throws IOException {
    if (!begun) {
      begun = true;
      exchange.sendResponseHeaders(status, LENGTH_NOT_KNOWN);
    }
    return exchange.getResponseBody();
  }
}
