package dev.slipway.demo.cluster.node.pod;

import java.time.Instant;
import java.util.Optional;

/** Where a container is in its life, as its status shows it. */
sealed interface ContainerPhase {
  /** Not running, and why. */
  record Waiting(String reason, Optional<String> message) implements ContainerPhase {
    static Waiting because(String reason) {
      return new Waiting(reason, Optional.empty());
    }

    static Waiting because(String reason, String message) {
      return new Waiting(reason, Optional.of(message));
    }
  }

  record Running(Instant startedAt) implements ContainerPhase {}

  /** Has ended; {@code containerId} names the run. */
  record Terminated(
      int exitCode,
      String reason,
      Optional<String> message,
      Instant startedAt,
      Instant finishedAt,
      String containerId)
      implements ContainerPhase {
    boolean succeeded() {
      return exitCode == 0;
    }
  }
}
