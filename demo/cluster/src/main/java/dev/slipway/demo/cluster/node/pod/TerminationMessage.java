package dev.slipway.demo.cluster.node.pod;

import dev.slipway.demo.cluster.node.container.ContainerLog;
import io.fabric8.kubernetes.api.model.Container;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a container leaves behind for its status. */
final class TerminationMessage {
  private static final int LONGEST = 4096;
  private static final int LONGEST_LOG = 2048;
  private static final int LOG_LINES = 80;

  private TerminationMessage() {}

  /** What it wrote to its file, or when its policy says so and it failed, the end of its log. */
  static Optional<String> read(Container container, Path file, ContainerLog log, boolean good)
      throws IOException, InterruptedException {
    var bytes = Files.readAllBytes(file);
    if (bytes.length > 0) {
      int length = Math.min(bytes.length, LONGEST);
      return Optional.of(new String(bytes, bytes.length - length, length, StandardCharsets.UTF_8));
    }
    var policy = container.getTerminationMessagePolicy();
    if (good || !"FallbackToLogsOnError".equals(policy)) {
      return Optional.empty();
    }
    var end = log.last(LOG_LINES);
    var text = end.length() > LONGEST_LOG ? end.substring(end.length() - LONGEST_LOG) : end;
    return Optional.of(text).filter(message -> !message.isEmpty());
  }
}
