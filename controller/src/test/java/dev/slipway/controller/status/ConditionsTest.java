package dev.slipway.controller.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.slipway.controller.check.Finding;
import dev.slipway.controller.check.Topic;
import dev.slipway.controller.check.Verdict;
import dev.slipway.crd.RemoteStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConditionsTest {
  private static final Instant THEN = Instant.parse("2026-01-01T00:00:00.5Z");
  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");

  @Test
  void readyWhenEveryTopicIsGood() {
    assertThat(conditions(List.of(), 3, NOW, good(Topic.KeysAccepted)))
        .extracting(
            Condition::getType,
            Condition::getStatus,
            Condition::getReason,
            Condition::getMessage,
            Condition::getObservedGeneration)
        .containsExactly(
            tuple("Ready", "True", "Ready", "A push is received and deployed.", 3L),
            tuple("KeysAccepted", "True", "AsExpected", "fine", 3L));
  }

  @Test
  void everyTopicIsNamedInTheSchema() throws NoSuchFieldException {
    String described =
        RemoteStatus.class
            .getDeclaredField("conditions")
            .getAnnotation(JsonPropertyDescription.class)
            .value();

    assertThat(described).contains(Stream.of(Topic.values()).map(Topic::name).toList());
  }

  @Test
  void staysReadyWhenSomethingMinorWasLeftOut() {
    assertThat(
            conditions(
                List.of(), 1, NOW, bad(Topic.KeysAccepted, Finding.minor("KeysLeftOut", "x"))))
        .extracting(Condition::getType, Condition::getStatus)
        .containsExactly(tuple("Ready", "True"), tuple("KeysAccepted", "False"));
  }

  @Test
  void namesTheGravestReasonAndAllSentences() {
    assertThat(
            conditions(
                List.of(),
                1,
                NOW,
                bad(
                    Topic.KeysAccepted,
                    Finding.minor("KeysLeftOut", "One left out."),
                    Finding.blocking("NoKeys", "No key."))))
        .extracting(Condition::getType, Condition::getReason, Condition::getMessage)
        .containsExactly(
            tuple("Ready", "NoKeys", "No key."),
            tuple("KeysAccepted", "NoKeys", "No key. One left out."),
            tuple("Stalled", "NoKeys", "No key."));
  }

  @Test
  void reconcilesWhileSomethingIsAwaitedAndIsStalledWhenSomethingIsToBeCorrected() {
    Finding starting = Finding.waiting("Starting", "gitd is starting.");
    Finding missing = Finding.missing("SecretNotFound", "No Secret.");
    Finding wrong = Finding.blocking("InvalidPath", "No path.");

    assertThat(progress(starting)).containsExactly("Reconciling=True Starting");
    assertThat(progress(missing)).containsExactly("Reconciling=True SecretNotFound");
    assertThat(progress(starting, missing, wrong)).containsExactly("Stalled=True InvalidPath");
    assertThat(progress(Finding.minor("KeysLeftOut", "x"))).isEmpty();
    assertThat(progress()).isEmpty();
  }

  @Test
  void reconcilesAsLongAsTheApiDoesNotAnswer() {
    List<Condition> before =
        conditions(
            List.of(), 1, THEN, bad(Topic.KeysAccepted, Finding.blocking("NoKeys", "No key.")));

    assertThat(new Conditions(before, 1, NOW).notReconciled("No answer."))
        .extracting(Condition::getType, Condition::getStatus, Condition::getReason)
        .containsExactly(
            tuple("Ready", "False", "NotReconciled"),
            tuple("KeysAccepted", "False", "NoKeys"),
            tuple("Reconciling", "True", "NotReconciled"));
  }

  private static List<String> progress(Finding... findings) {
    return conditions(List.of(), 1, NOW, bad(Topic.KeysAccepted, findings)).stream()
        .filter(it -> !it.getType().equals("Ready") && !it.getType().equals("KeysAccepted"))
        .map(it -> it.getType() + "=" + it.getStatus() + " " + it.getReason())
        .toList();
  }

  @Test
  void movesTheTimeOnlyWhenTheStatusChanges() {
    List<Condition> before = conditions(List.of(), 1, THEN, good(Topic.KeysAccepted));
    List<Condition> later =
        conditions(before, 2, NOW, bad(Topic.KeysAccepted, Finding.minor("KeysLeftOut", "x")));

    assertThat(later)
        .extracting(Condition::getType, Condition::getLastTransitionTime)
        .containsExactly(
            tuple("Ready", "2026-01-01T00:00:00Z"), tuple("KeysAccepted", "2026-01-02T00:00:00Z"));
  }

  private static List<Condition> conditions(
      List<Condition> before, long generation, Instant now, Verdict verdict) {
    return new Conditions(before, generation, now).of(List.of(verdict));
  }

  private static Verdict good(Topic topic) {
    return new Verdict(topic, List.of(), "fine");
  }

  private static Verdict bad(Topic topic, Finding... findings) {
    return new Verdict(topic, List.of(findings), "fine");
  }
}
