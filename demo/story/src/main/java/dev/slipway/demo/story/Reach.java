package dev.slipway.demo.story;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How somebody outside a cluster gets to its Services. */
enum Reach {
  /** By the ports that every node opens: where nodes can be reached. */
  NODE_PORT("NodePort"),
  /** By {@code kubectl port-forward}: wherever the API can be reached. */
  PORT_FORWARD("ClusterIP");

  private static final Pattern FORWARDING =
      Pattern.compile("Forwarding from (127\\.0\\.0\\.1:\\d+)");

  private final String serviceType;

  Reach(String serviceType) {
    this.serviceType = serviceType;
  }

  /** The type of a Service that is reached so. */
  String serviceType() {
    return serviceType;
  }

  /**
   * A way to one Service, open until it is closed.
   *
   * @param address host and port
   */
  record Way(String address, Runnable end) implements AutoCloseable {
    @Override
    public void close() {
      end.run();
    }
  }

  /**
   * Forwards to a Service; the way ends with the pod that it leads to.
   *
   * @param port of the Service
   */
  static Way forward(
      Path folder, Map<String, String> environment, String namespace, String service, int port) {
    var builder =
        new ProcessBuilder(
                "kubectl", "port-forward", "-n", namespace, "service/" + service, ":" + port)
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      BufferedReader output = process.inputReader();
      StringBuilder said = new StringBuilder();
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        Matcher forwarding = FORWARDING.matcher(line);
        if (forwarding.lookingAt()) {
          Thread.ofVirtual().start(() -> output.lines().forEach(ignored -> {}));
          return new Way(forwarding.group(1), process::destroy);
        }
        said.append(line).append('\n');
      }
      throw new StoryFailedException("kubectl port-forward to " + service + ": " + said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
