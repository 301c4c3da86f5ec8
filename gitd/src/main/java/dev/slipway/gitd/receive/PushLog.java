package dev.slipway.gitd.receive;

import dev.slipway.gitd.health.GitdMetrics;
import dev.slipway.hooks.Push;
import dev.slipway.hooks.PushOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leaves one log line and one count about each push. */
final class PushLog {
  private static final Logger log = LoggerFactory.getLogger(PushLog.class);

  /** Refs that are named; there may be thousands. */
  private static final int SHOWN = 20;

  private final Push.Pusher pusher;
  private final GitdMetrics metrics;
  private final long start = System.nanoTime();

  PushLog(Push.Pusher pusher, GitdMetrics metrics) {
    this.pusher = pusher;
    this.metrics = metrics;
  }

  void ended(IncomingPush push) {
    if (push.commands().isEmpty()) {
      // git asked what there is and had nothing to send.
      return;
    }
    String outcome = name(push.outcome(), push.unpackError().isPresent());
    metrics.push(outcome);
    log.atInfo()
        .addKeyValue("outcome", outcome)
        .addKeyValue("reason", reason(push.outcome()))
        .addKeyValue("moved", push.moved())
        .addKeyValue("pusher", pusher.name())
        .addKeyValue("key", pusher.fingerprint())
        .addKeyValue("refs", refs(push.commands()))
        .addKeyValue("cause", push.unpackError().map(Throwable::toString).orElse(""))
        .addKeyValue("ms", (System.nanoTime() - start) / 1_000_000)
        .log("push");
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

  private static String reason(Optional<PushOutcome> outcome) {
    return outcome.orElse(null) instanceof PushOutcome.Rejected rejected ? rejected.reason() : "";
  }

  private static String name(Optional<PushOutcome> outcome, boolean unpackFailed) {
    if (outcome.isEmpty()) {
      return unpackFailed ? "unpack-failed" : "refused";
    }
    return switch (outcome.get()) {
      case PushOutcome.Deployed deployed -> "deployed";
      case PushOutcome.Stored stored -> "stored";
      case PushOutcome.Rejected rejected -> "rejected";
      case PushOutcome.Cancelled cancelled -> "cancelled";
    };
  }
}
