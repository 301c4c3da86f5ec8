package dev.slipway.controller.status;

import dev.slipway.controller.check.Finding;
import dev.slipway.controller.check.Verdict;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes verdicts down as conditions; the time of one moves only when its status does. {@code
 * Reconciling} and {@code Stalled} are there only while they are true, as kstatus wants it.
 *
 * @see <a
 *     href="https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md">kstatus</a>
 */
final class Conditions {
  static final String READY = "Ready";
  static final String RECONCILING = "Reconciling";
  static final String STALLED = "Stalled";
  static final String NOT_RECONCILED = "NotReconciled";

  private static final Set<String> ABOUT_ALL = Set.of(READY, RECONCILING, STALLED);

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
    List<Finding> obstacles =
        verdicts.stream()
            .flatMap(verdict -> verdict.findings().stream())
            .filter(finding -> finding.weight() != Finding.Weight.MINOR)
            .toList();
    conditions.add(ready(obstacles));
    for (Verdict verdict : verdicts) {
      conditions.add(
          verdict.isGood()
              ? condition(verdict.topic().name(), "True", "AsExpected", verdict.good())
              : bad(verdict.topic().name(), verdict.findings()));
    }
    progress(obstacles).ifPresent(conditions::add);
    return conditions;
  }

  /** Those of before, but for the one that says that nothing further is known. */
  List<Condition> notReconciled(String message) {
    List<Condition> conditions = new ArrayList<>();
    conditions.add(condition(READY, "False", NOT_RECONCILED, message));
    previous.stream().filter(it -> !ABOUT_ALL.contains(it.getType())).forEach(conditions::add);
    conditions.add(condition(RECONCILING, "True", NOT_RECONCILED, message));
    return conditions;
  }

  private Condition ready(List<Finding> obstacles) {
    return obstacles.isEmpty()
        ? condition(READY, "True", "Ready", "A push is received and deployed.")
        : bad(READY, obstacles);
  }

  /** What is awaited goes on by itself once it is there; what has to be corrected does not. */
  private Optional<Condition> progress(List<Finding> obstacles) {
    List<Finding> toCorrect =
        obstacles.stream().filter(it -> it.weight() == Finding.Weight.BLOCKING).toList();
    if (!toCorrect.isEmpty()) {
      return Optional.of(condition(STALLED, "True", toCorrect));
    }
    return obstacles.isEmpty()
        ? Optional.empty()
        : Optional.of(condition(RECONCILING, "True", obstacles));
  }

  private Condition bad(String type, List<Finding> findings) {
    return condition(type, "False", findings);
  }

  private Condition condition(String type, String status, List<Finding> findings) {
    String message = findings.stream().map(Finding::message).collect(Collectors.joining(" "));
    return condition(type, status, findings.getFirst().reason(), message);
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
