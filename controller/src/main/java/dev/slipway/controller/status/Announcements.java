package dev.slipway.controller.status;

import dev.slipway.controller.check.ApiFailure;
import dev.slipway.controller.check.Finding;
import dev.slipway.controller.check.Verdict;
import dev.slipway.controller.dependent.Dependents;
import dev.slipway.crd.Remote;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells by events what has turned bad or ready since the last status, each time once. */
public final class Announcements {
  private static final Logger log = LoggerFactory.getLogger(Announcements.class);

  /** Of a Remote's name, so that an event's name behind it is none too long. */
  private static final int LONGEST = 200;

  private final KubernetesClient client;

  public Announcements(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Writes an event for each piece of news. The same news makes the same event, so this may be done
   * again, by another controller too.
   *
   * @param remote with the status of before
   */
  public void announce(Remote remote, Assessment assessment, Instant now) {
    for (Condition condition : List.copyOf(assessment.status().conditions())) {
      Optional<Condition> before =
          Assessment.conditions(remote).stream()
              .filter(it -> it.getType().equals(condition.getType()))
              .findFirst();
      if (before.filter(it -> saysTheSame(it, condition)).isEmpty()) {
        type(condition, assessment.verdicts())
            .ifPresent(type -> emit(remote, type, before, condition, now));
      }
    }
  }

  /** Of what kind the event about it is; empty where it is no news. */
  private static Optional<String> type(Condition condition, List<Verdict> verdicts) {
    if (!condition.getType().equals(Conditions.READY)) {
      return isBad(condition, verdicts) ? Optional.of("Warning") : Optional.empty();
    }
    if (condition.getStatus().equals("True")) {
      return Optional.of("Normal");
    }
    // All else stands in the other conditions.
    return condition.getReason().equals(Conditions.NOT_RECONCILED)
        ? Optional.of("Warning")
        : Optional.empty();
  }

  private static boolean saysTheSame(Condition before, Condition after) {
    return said(before).equals(said(after));
  }

  /** The API may put it in other words each time. */
  private static boolean isFailure(Condition condition) {
    return ApiFailure.isReason(condition.getReason())
        || condition.getReason().equals(Conditions.NOT_RECONCILED);
  }

  private static boolean isBad(Condition condition, List<Verdict> verdicts) {
    return verdicts.stream()
        .filter(verdict -> verdict.topic().name().equals(condition.getType()))
        .flatMap(verdict -> verdict.findings().stream())
        .anyMatch(finding -> finding.weight() != Finding.Weight.WAITING);
  }

  /** An event that cannot be written is lost and nothing else: the status says the same. */
  private void emit(
      Remote remote, String type, Optional<Condition> before, Condition news, Instant now) {
    String reason = news.getReason();
    String message = news.getMessage();
    String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withName(name(remote, before, news))
            .withNamespace(remote.getMetadata().getNamespace())
            .endMetadata()
            .withNewInvolvedObject()
            .withApiVersion(Remote.GROUP + "/" + Remote.VERSION)
            .withKind("Remote")
            .withName(remote.getMetadata().getName())
            .withNamespace(remote.getMetadata().getNamespace())
            .withUid(remote.getMetadata().getUid())
            .endInvolvedObject()
            .withType(type)
            .withReason(reason)
            .withMessage(message.length() <= 1024 ? message : message.substring(0, 1023) + "…")
            .withFirstTimestamp(time)
            .withLastTimestamp(time)
            .withCount(1)
            .withNewSource()
            .withComponent(Dependents.FIELD_MANAGER)
            .endSource()
            .withReportingComponent(Dependents.FIELD_MANAGER)
            .build();
    try {
      client.v1().events().resource(event).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return; // It was told already.
      }
      log.warn("an event about a Remote was refused: {}", e.getMessage());
    }
  }

  /** The same for the same change of the same condition, whoever tells it. */
  private static String name(Remote remote, Optional<Condition> before, Condition news) {
    String change =
        String.join(
            "\n",
            remote.getMetadata().getUid(),
            before.map(Announcements::said).orElse(""),
            before.map(Condition::getLastTransitionTime).orElse(""),
            said(news));
    String name = remote.getMetadata().getName();
    String start = name.substring(0, Math.min(name.length(), LONGEST)).replaceAll("[-.]+$", "");
    return start + "." + UUID.nameUUIDFromBytes(change.getBytes(StandardCharsets.UTF_8));
  }

  private static String said(Condition condition) {
    return String.join(
        "\n",
        condition.getType(),
        condition.getStatus(),
        condition.getReason(),
        isFailure(condition) ? "" : condition.getMessage());
  }
}
