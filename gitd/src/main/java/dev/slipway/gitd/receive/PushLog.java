package dev.slipway.gitd.receive;

import dev.slipway.gitd.trace.PushTraces;
import dev.slipway.hooks.Push;
import dev.slipway.hooks.PushId;
import dev.slipway.hooks.PushOutcome;
import dev.slipway.hooks.report.PushMeters;
import dev.slipway.hooks.report.PushReport;
import dev.slipway.hooks.report.PushReport.Image;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Leaves exactly one log line, one count and one trace about each push, whatever became of it;
 * docs/logs.md describes the line. All other lines of the push carry its id.
 */
final class PushLog implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PushLog.class);
  private static final String PUSH = "push";

  /** Refs that are named; there may be thousands. */
  private static final int SHOWN = 20;

  private final PushId id;
  private final String remote;
  private final Push.Pusher pusher;
  private final PushMeters meters;
  private final PushTraces traces;
  private final Instant began = Instant.now();
  private final long start = System.nanoTime();

  /**
   * Has all that this thread logs carry the id until it is closed.
   *
   * @param remote {@code <namespace>/<name>}
   */
  PushLog(PushId id, String remote, Push.Pusher pusher, PushMeters meters, PushTraces traces) {
    this.id = id;
    this.remote = remote;
    this.pusher = pusher;
    this.meters = meters;
    this.traces = traces;
    MDC.put(PUSH, id.value());
  }

  void ended(IncomingPush push) {
    if (push.commands().isEmpty()) {
      // git asked what there is and had nothing to send.
      return;
    }
    PushReport report = push.report();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    meters.ended(report, took);
    traces.ended(id, remote, began, took, report);
    ReceiveCommand first = push.commands().getFirst();
    LoggingEventBuilder line =
        log.atInfo()
            .addKeyValue("remote", remote)
            .addKeyValue("outcome", report.end())
            .addKeyValue("reason", report.reason())
            .addKeyValue("commit", first.getNewId().name())
            .addKeyValue("branch", Repository.shortenRefName(first.getRefName()))
            .addKeyValue("refs", refs(push.commands()))
            .addKeyValue("moved", push.moved())
            .addKeyValue("pusher", pusher.name())
            .addKeyValue("key", pusher.fingerprint())
            .addKeyValue("seconds", seconds(took))
            .addKeyValue("phases", phases(report))
            .addKeyValue("images", report.images().stream().map(PushLog::image).toList());
    if (report.outcome() instanceof PushOutcome.Rejected rejected) {
      line = line.addKeyValue("sentence", rejected.sentence());
    }
    line.log("push");
  }

  @Override
  public void close() {
    MDC.remove(PUSH);
  }

  /** How long each took; those that come several times, all together. */
  private static Map<String, Double> phases(PushReport report) {
    Map<String, Double> phases = new LinkedHashMap<>();
    for (PushReport.Phase phase : report.phases()) {
      phases.merge(
          phase.name().name().toLowerCase(Locale.ROOT), seconds(phase.took()), Double::sum);
    }
    return phases;
  }

  private static Map<String, String> image(Image image) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("for", image.label());
    fields.put("origin", image.origin().name().toLowerCase(Locale.ROOT));
    if (!image.name().isEmpty()) {
      fields.put("image", image.name());
    }
    return fields;
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }

  private static List<String> refs(List<ReceiveCommand> commands) {
    List<String> refs = new ArrayList<>(commands.stream().limit(SHOWN).map(PushLog::ref).toList());
    if (commands.size() > SHOWN) {
      refs.add("and %d more".formatted(commands.size() - SHOWN));
    }
    return refs;
  }

  private static String ref(ReceiveCommand command) {
    return command.getRefName() + "=" + command.getNewId().abbreviate(7).name();
  }
}
