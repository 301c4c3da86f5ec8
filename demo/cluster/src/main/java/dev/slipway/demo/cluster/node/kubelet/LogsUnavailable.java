package dev.slipway.demo.cluster.node.kubelet;

/** There is no log to send; the message is what the client reads (400 BadRequest). */
public final class LogsUnavailable extends Exception {
  public LogsUnavailable(String message) {
    super(message);
  }
}
