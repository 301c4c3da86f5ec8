package dev.slipway.gitd.trace;

import dev.slipway.hooks.PushId;
import dev.slipway.hooks.report.PushReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Tells a collector of traces how pushes went. */
public interface PushTraces extends AutoCloseable {
  /** By which OpenTelemetry is told where to send traces. */
  List<String> ENDPOINTS =
      List.of("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");

  /**
   * Those that the environment asks for. Where it asks for none, no class of OpenTelemetry is ever
   * loaded.
   */
  static PushTraces of(Map<String, String> environment) {
    return ENDPOINTS.stream().allMatch(it -> environment.getOrDefault(it, "").isBlank())
        ? none()
        : OtlpTraces.start(Map.of());
  }

  /** Nobody is told. */
  static PushTraces none() {
    return (id, remote, began, took, report) -> {};
  }

  /**
   * A push has ended; returns at once.
   *
   * @param remote {@code <namespace>/<name>}
   */
  void ended(PushId id, String remote, Instant began, Duration took, PushReport report);

  /** Sends what is not sent yet. */
  @Override
  default void close() {}
}
