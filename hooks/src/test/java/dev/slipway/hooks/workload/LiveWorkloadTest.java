package dev.slipway.hooks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.WorkloadKind;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In what the kinds of workloads differ, told by their specs and statuses. */
class LiveWorkloadTest {

  @ParameterizedTest(name = "{0}: {1} {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          StatefulSet | replicas: 3 | observedGeneration: 1, replicas: 3, updatedReplicas: 3, availableReplicas: 3 | false
          StatefulSet | replicas: 3 | observedGeneration: 2, replicas: 3, updatedReplicas: 2, availableReplicas: 3 | false
          StatefulSet | replicas: 3 | observedGeneration: 2, replicas: 3, updatedReplicas: 3, availableReplicas: 2 | false
          StatefulSet | replicas: 3 | observedGeneration: 2, replicas: 3, updatedReplicas: 3, availableReplicas: 3 | true
          StatefulSet | replicas: 3 | observedGeneration: 2, replicas: 4, updatedReplicas: 3, availableReplicas: 4 | false
          StatefulSet | replicas: 0 | observedGeneration: 2, replicas: 0 | true
          StatefulSet | replicas: 3, updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 2}} | observedGeneration: 2, replicas: 3, availableReplicas: 3 | false
          StatefulSet | replicas: 3, updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 2}} | observedGeneration: 2, replicas: 3, updatedReplicas: 1, availableReplicas: 3 | true
          DaemonSet   | minReadySeconds: 0 | observedGeneration: 1, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 | false
          DaemonSet   | minReadySeconds: 0 | observedGeneration: 2, desiredNumberScheduled: 2, updatedNumberScheduled: 1, numberAvailable: 2 | false
          DaemonSet   | minReadySeconds: 0 | observedGeneration: 2, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 | false
          DaemonSet   | minReadySeconds: 0 | observedGeneration: 2, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 | true
          DaemonSet   | minReadySeconds: 0 | observedGeneration: 2, desiredNumberScheduled: 0 | true
          Deployment  | replicas: 2 | observedGeneration: 2, replicas: 3, updatedReplicas: 2, availableReplicas: 3 | false
          Deployment  | replicas: 2 | observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 | true
          """)
  void isCompleteWhenAllThatShouldRunTheNewTemplateDoes(
      String kind, String spec, String status, boolean complete) {
    assertThat(live(kind, spec, status).progress().isComplete()).isEqualTo(complete);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          StatefulSet | replicas: 3 | observedGeneration: 2 | rolled out
          StatefulSet | replicas: 3, updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 1}} | observedGeneration: 2 | rolled out to 2 of 3 replicas; partition 1 keeps the others as they are
          DaemonSet   | minReadySeconds: 0 | desiredNumberScheduled: 1 | rolled out
          DaemonSet   | minReadySeconds: 0 | desiredNumberScheduled: 0 | set; there is no node for it now
          CronJob     | suspend: false | active: [] | set for its next run
          CronJob     | suspend: true  | active: [] | set for its next run, but it is suspended
          """)
  void saysHowItEnds(String kind, String spec, String status, String end) {
    assertThat(live(kind, spec, status).end()).isEqualTo(end);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          StatefulSet | replicas: 3 | -
          StatefulSet | replicas: 3, updateStrategy: {type: OnDelete} | OnDelete
          StatefulSet | replicas: 3, updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 2}} | -
          StatefulSet | replicas: 3, updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 3}} | Partitioned
          StatefulSet | replicas: 0, updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 3}} | -
          DaemonSet   | updateStrategy: {type: RollingUpdate} | -
          DaemonSet   | updateStrategy: {type: OnDelete} | OnDelete
          Deployment  | replicas: 1 | -
          Deployment  | paused: true | Paused
          CronJob     | suspend: true | -
          """)
  void namesWhatKeepsItFromRunningNewImages(String kind, String spec, String reason) {
    assertThat(live(kind, spec, "").obstacle().map(Obstacle::reason).orElse(null))
        .isEqualTo(reason);
  }

  @Test
  void tellsByItsEventsWhyItLacksPodsUnlessOneWasMadeSince() {
    LiveWorkload lacking = live("StatefulSet", "replicas: 2", "observedGeneration: 2, replicas: 1");
    LiveWorkload whole = live("StatefulSet", "replicas: 2", "observedGeneration: 2, replicas: 2");
    Event failed = event("FailedCreate", "exceeded quota");
    Event made = event("SuccessfulCreate", "create Pod db-0 in StatefulSet db successful");

    assertThat(lacking.creationFailure(List.of(made, failed))).contains("exceeded quota");
    assertThat(lacking.creationFailure(List.of(failed, made))).isEmpty();
    assertThat(whole.creationFailure(List.of(made, failed))).isEmpty();
  }

  @Test
  void tellsOfADaemonSetThatLacksPods() {
    LiveWorkload lacking =
        live(
            "DaemonSet",
            "minReadySeconds: 0",
            "observedGeneration: 2, desiredNumberScheduled: 2, currentNumberScheduled: 1");

    assertThat(lacking.creationFailure(List.of(event("FailedCreate", "forbidden"))))
        .contains("forbidden");
  }

  private static final String RESTORED = "observedGeneration: 2, updateRevision: db-old";

  @Test
  void isStuckOnTheFirstPodOfAnotherTemplateThatIsNotReady() {
    LiveWorkload set = live("StatefulSet", "replicas: 3", RESTORED);
    List<Pod> pods =
        List.of(pod("db-2", "db-new", false), pod("db-1", "db-new", false), ready("db-0"));

    Pod another =
        new PodBuilder(pod("db-0", "db-new", false))
            .editMetadata()
            .withOwnerReferences()
            .endMetadata()
            .build();

    assertThat(set.stuck(pods)).contains(pods.get(1));
    assertThat(set.stuck(List.of(another, pods.get(0)))).contains(pods.get(0));
  }

  @Test
  void isNotStuckWhileAPodOfTheRightTemplateIsOnItsWay() {
    LiveWorkload set = live("StatefulSet", "replicas: 3", RESTORED);

    assertThat(set.stuck(List.of(pod("db-2", "db-new", false), pod("db-1", "db-old", false))))
        .isEmpty();
    assertThat(set.stuck(List.of(pod("db-2", "db-new", false), ending("db-1")))).isEmpty();
    assertThat(set.stuck(List.of(ready("db-0"), pod("db-1", "db-new", true)))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          replicas: 2 | observedGeneration: 1, updateRevision: db-old
          replicas: 2, podManagementPolicy: Parallel | observedGeneration: 2, updateRevision: db-old
          replicas: 2, updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 2}} | observedGeneration: 2, updateRevision: db-old
          """)
  void isNotStuckWhereTheControllerHasNotSeenItDoesNotWaitOrShallNotUpdate(
      String spec, String status) {
    assertThat(live("StatefulSet", spec, status).stuck(List.of(pod("db-1", "db-new", false))))
        .isEmpty();
  }

  @Test
  void neverCallsPodsOfOtherKindsStuck() {
    for (String kind : List.of("Deployment", "DaemonSet")) {
      assertThat(
              live(kind, "minReadySeconds: 0", "observedGeneration: 2")
                  .stuck(List.of(pod("db-1", "db-new", false))))
          .isEmpty();
    }
  }

  private static LiveWorkload live(String kind, String spec, String status) {
    String group = kind.equals("CronJob") ? "batch" : "apps";
    HasMetadata object =
        Serialization.unmarshal(
            """
            apiVersion: %s/v1
            kind: %s
            metadata: {name: db, uid: "7", generation: 2}
            spec: {%s}
            status: {%s}
            """
                .formatted(group, kind, spec, status),
            WorkloadKind.valueOf(kind).type());
    return LiveWorkload.of(object);
  }

  private static Event event(String reason, String message) {
    return new EventBuilder().withReason(reason).withMessage(message).build();
  }

  private static Pod ready(String name) {
    return pod(name, "db-old", true);
  }

  private static Pod ending(String name) {
    return new PodBuilder(ready(name))
        .editMetadata()
        .withDeletionTimestamp("2026-11-21T08:00:00Z")
        .endMetadata()
        .build();
  }

  private static Pod pod(String name, String revision, boolean ready) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels("controller-revision-hash", revision)
        .addNewOwnerReference()
        .withUid("7")
        .endOwnerReference()
        .endMetadata()
        .withNewStatus()
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready ? "True" : "False")
        .endCondition()
        .endStatus()
        .build();
  }
}
