package dev.slipway.controller.status;

import dev.slipway.controller.check.Finding;
import dev.slipway.controller.check.Verdict;
import dev.slipway.controller.dependent.Dependents;
import dev.slipway.crd.Remote;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells by events what has turned bad or ready since the last status, each time once. */
public final class Announcements {
  private static final Logger log = LoggerFactory.getLogger(Announcements.class);

  private final KubernetesClient client;

  public Announcements(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Writes an event for each piece of news.
   *
   * @param remote with the status of before
   */
  public void announce(Remote remote, Assessment assessment, Instant now) {
    List<Condition> before = Assessment.conditions(remote);
    for (Condition condition : List.copyOf(assessment.status().conditions())) {
      boolean news = before.stream().noneMatch(it -> saysTheSame(it, condition));
      if (news && condition.getType().equals(Conditions.READY)) {
        if (condition.getStatus().equals("True")) {
          emit(remote, "Normal", condition.getReason(), condition.getMessage(), now);
        }
      } else if (news && isBad(condition, assessment.verdicts())) {
        emit(remote, "Warning", condition.getReason(), condition.getMessage(), now);
      }
    }
  }

  private static boolean saysTheSame(Condition before, Condition after) {
    return before.getType().equals(after.getType())
        && before.getStatus().equals(after.getStatus())
        && before.getMessage().equals(after.getMessage());
  }

  private static boolean isBad(Condition condition, List<Verdict> verdicts) {
    return verdicts.stream()
        .filter(verdict -> verdict.topic().name().equals(condition.getType()))
        .flatMap(verdict -> verdict.findings().stream())
        .anyMatch(finding -> finding.weight() != Finding.Weight.WAITING);
  }

  /** An event that cannot be written is lost and nothing else: the status says the same. */
  private void emit(Remote remote, String type, String reason, String message, Instant now) {
    String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withGenerateName(remote.getMetadata().getName() + ".")
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
      log.warn("an event about a Remote was refused: {}", e.getMessage());
    }
  }
}
