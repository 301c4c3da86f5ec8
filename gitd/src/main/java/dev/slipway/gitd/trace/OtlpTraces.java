package dev.slipway.gitd.trace;

import dev.slipway.hooks.PushId;
import dev.slipway.hooks.PushOutcome;
import dev.slipway.hooks.report.PushReport;
import dev.slipway.hooks.report.PushReport.Image;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Sends spans over OTLP: one of the push, within it its phases, within the builds' phase the
 * images. They are made when the push is over, out of its report, so nothing that happens in a push
 * has to know of traces.
 */
final class OtlpTraces implements PushTraces {
  /** What OpenTelemetry's variables may override. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "otel.service.name", "slipway-gitd",
          "otel.exporter.otlp.protocol", "http/protobuf",
          "otel.metrics.exporter", "none",
          "otel.logs.exporter", "none");

  private final PushIds ids = new PushIds();
  private final OpenTelemetrySdk sdk;
  private final Tracer tracer;

  private OtlpTraces(Map<String, String> properties) {
    this.sdk =
        AutoConfiguredOpenTelemetrySdk.builder()
            .addPropertiesSupplier(() -> with(properties))
            .addTracerProviderCustomizer((provider, config) -> provider.setIdGenerator(ids))
            .disableShutdownHook()
            .build()
            .getOpenTelemetrySdk();
    this.tracer = sdk.getTracer("dev.slipway.gitd");
  }

  /**
   * Starts to send.
   *
   * @param properties of OpenTelemetry, which its variables override
   */
  static OtlpTraces start(Map<String, String> properties) {
    return new OtlpTraces(properties);
  }

  private static Map<String, String> with(Map<String, String> properties) {
    var all = new HashMap<>(DEFAULTS);
    all.putAll(properties);
    return all;
  }

  /** Gives the trace of a push the ids that its Jobs have been told; all others are random. */
  private static final class PushIds implements IdGenerator {
    private final IdGenerator random = IdGenerator.random();
    private Optional<PushId> trace = Optional.empty();
    private Optional<PushId> span = Optional.empty();

    /** The next span without a parent is that of a push. */
    void next(PushId push) {
      trace = Optional.of(push);
      span = Optional.of(push);
    }

    @Override
    public String generateTraceId() {
      return trace.map(PushId::value).orElseGet(random::generateTraceId);
    }

    @Override
    public String generateSpanId() {
      String id = span.map(PushId::span).orElseGet(random::generateSpanId);
      span = Optional.empty();
      return id;
    }
  }

  @Override
  public synchronized void ended(
      PushId id, String remote, Instant began, Duration took, PushReport report) {
    ids.next(id);
    Span push =
        tracer
            .spanBuilder("push")
            .setNoParent()
            .setStartTimestamp(began)
            .setAttribute("slipway.remote", remote)
            .setAttribute("slipway.outcome", report.end())
            .setAttribute("slipway.reason", report.reason())
            .startSpan();
    if (report.outcome() instanceof PushOutcome.Rejected rejected) {
      push.setStatus(StatusCode.ERROR, rejected.sentence());
    }
    Context within = Context.root().with(push);
    for (PushReport.Phase phase : report.phases()) {
      Span span = span(lower(phase.name()), within, phase.began());
      if (phase.name() == PushReport.Phase.Name.BUILD) {
        report.images().forEach(image -> add(image, Context.root().with(span)));
      }
      span.end(phase.began().plus(phase.took()));
    }
    push.end(began.plus(took));
  }

  private void add(Image image, Context within) {
    Span span = span("image " + image.label(), within, image.began());
    span.setAttribute("slipway.origin", lower(image.origin()));
    if (!image.name().isEmpty()) {
      span.setAttribute("slipway.image", image.name());
    }
    span.end(image.began().plus(image.took()));
  }

  private Span span(String name, Context within, Instant began) {
    return tracer.spanBuilder(name).setParent(within).setStartTimestamp(began).startSpan();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() {
    sdk.close();
  }
}
