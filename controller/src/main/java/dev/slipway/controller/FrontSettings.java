package dev.slipway.controller;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which front there is.
 *
 * @param namespace of its key Secret and its Service
 * @param secret which the controller makes when there is none
 * @param service that leads to it; empty if none is to be followed
 * @param host what developers connect to; empty as long as that is not known, or is the Service's
 * @param sleepAfterSeconds how long nobody uses a gitd until it sleeps; 0 for never
 */
record FrontSettings(
    String namespace,
    String secret,
    Optional<String> service,
    Optional<String> host,
    int port,
    int sleepAfterSeconds) {
  private static final int SSH_PORT = 22;
  private static final Pattern SECRET = Pattern.compile("([-a-z0-9]+)/([-a-z0-9.]+)");

  /** A name or an IPv4 address, or an IPv6 address in brackets if a port follows. */
  private static final Pattern HOST = Pattern.compile("(?:\\[([^]]+)]|([^:]+))(?::(\\d{1,5}))?");

  /**
   * Reads the options.
   *
   * @param secret {@code <namespace>/<name>}
   * @param service a name, or empty
   * @param host {@code <host>[:<port>]}, or empty
   * @throws IllegalArgumentException with a sentence for whoever wrote them
   */
  static FrontSettings parse(String secret, String service, String host, int sleepAfterSeconds) {
    Matcher named = SECRET.matcher(secret);
    if (!named.matches()) {
      throw new IllegalArgumentException("--front-secret must be <namespace>/<name>");
    }
    Optional<String> followed = Optional.of(service).filter(it -> !it.isEmpty());
    if (host.isEmpty()) {
      return new FrontSettings(
          named.group(1), named.group(2), followed, Optional.empty(), SSH_PORT, sleepAfterSeconds);
    }
    Matcher address = HOST.matcher(host);
    if (!address.matches()) {
      throw new IllegalArgumentException("--front-host must be <host>[:<port>]");
    }
    String name = address.group(1) == null ? address.group(2) : address.group(1);
    int port = address.group(3) == null ? SSH_PORT : Integer.parseInt(address.group(3));
    return new FrontSettings(
        named.group(1), named.group(2), followed, Optional.of(name), port, sleepAfterSeconds);
  }
}
