package dev.slipway.controller.status;

import dev.slipway.controller.check.Finding;
import dev.slipway.controller.check.Verdict;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes verdicts down as conditions; the time of one moves only when its status does. */
final class Conditions {
  static final String READY = "Ready";
  static final String NOT_RECONCILED = "NotReconciled";

  private final List<Condition> previous;
  private final long generation;
  private final Instant now;

  Conditions(List<Condition> previous, long generation, Instant now) {
    this.previous = previous;
    this.generation = generation;
    this.now = now.truncatedTo(ChronoUnit.SECONDS);
  }

  List<Condition> of(List<Verdict> verdicts) {
    List<Condition> conditions = new ArrayList<>();
    conditions.add(ready(verdicts));
    for (Verdict verdict : verdicts) {
      conditions.add(
          verdict.isGood()
              ? condition(verdict.topic().name(), "True", "AsExpected", verdict.good())
              : bad(verdict.topic().name(), verdict.findings()));
    }
    return conditions;
  }

  /** Those of before, but for the one that says that nothing further is known. */
  List<Condition> notReconciled(String message) {
    List<Condition> conditions = new ArrayList<>();
    conditions.add(condition(READY, "False", NOT_RECONCILED, message));
    previous.stream().filter(it -> !it.getType().equals(READY)).forEach(conditions::add);
    return conditions;
  }

  private Condition ready(List<Verdict> verdicts) {
    List<Finding> reasons =
        verdicts.stream()
            .flatMap(verdict -> verdict.findings().stream())
            .filter(finding -> finding.weight() != Finding.Weight.MINOR)
            .toList();
    return reasons.isEmpty()
        ? condition(READY, "True", "Ready", "A push is received and deployed.")
        : bad(READY, reasons);
  }

  private Condition bad(String type, List<Finding> findings) {
    String message = findings.stream().map(Finding::message).collect(Collectors.joining(" "));
    return condition(type, "False", findings.getFirst().reason(), message);
  }

  private Condition condition(String type, String status, String reason, String message) {
    return new ConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason)
        .withMessage(message)
        .withObservedGeneration(generation)
        .withLastTransitionTime(since(type, status))
        .build();
  }

  private String since(String type, String status) {
    return previous.stream()
        .filter(it -> type.equals(it.getType()) && status.equals(it.getStatus()))
        .map(Condition::getLastTransitionTime)
        .findFirst()
        .orElse(now.toString());
  }
}
