package dev.slipway.hooks.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.hooks.PipelineSettings;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is said of a Job where its own words would send people the wrong way. */
class JobDecisionTest {
  private static final JobWords WORDS =
      new JobWords(
          "kaniko",
          "build",
          "spec.builder",
          "the build context",
          "the builder",
          "NotStarted",
          "check its image",
          "check spec.builder.image of the Remote");
  private static final Instant START = Instant.parse("2026-11-21T07:40:00Z");
  private static final Duration LATE = PipelineSettings.defaults().startLimit();

  private final JobSight.Memory memory = new JobSight.Memory(START, Duration.ofMinutes(15));

  @Test
  void sendsNobodyToTheBuildersImageForThatOfGitd() {
    Pod pod =
        pod(
            """
            status:
              phase: Pending
              initContainerStatuses:
              - name: fetch-context
                state: {waiting: {reason: ErrImagePull, message: "failed to pull slipway/gitd"}}
              containerStatuses:
              - {name: kaniko, state: {waiting: {reason: PodInitializing}}}
            """);
    look(job(""), pod, Duration.ZERO);

    assertThat(look(job(""), pod, LATE))
        .isEqualTo(
            new JobState.Failed(
                "ErrImagePull",
                "the image of gitd, which fetches the build context, cannot be pulled: failed to pull slipway/gitd; check --gitd-image of the controller, and that nodes may pull it."));
  }

  @Test
  void sendsNobodyToTheBuildersMemoryForThatOfFetching() {
    Pod pod =
        pod(
            """
            status:
              initContainerStatuses:
              - {name: fetch-context, state: {terminated: {reason: OOMKilled, exitCode: 137}}}
            """);

    assertThat(look(job(""), pod, Duration.ZERO))
        .isEqualTo(
            new JobState.Failed(
                "OutOfMemory",
                "fetching the build context ran out of memory; raise the default memory limit in the LimitRange of the namespace, or make room on the node."));
  }

  @Test
  void waitsForASuspendedJobToBeResumedButNotForEver() {
    Job suspended = job("spec: {suspend: true}");

    assertThat(look(suspended, null, Duration.ZERO))
        .isEqualTo(new JobState.Waiting("the build's Job to be resumed; it is suspended"));
    assertThat(look(suspended, null, LATE))
        .isEqualTo(
            new JobState.Failed(
                "JobSuspended",
                "the Job of the build is suspended and was not resumed in 120 s; ask whoever holds back Jobs in this namespace, such as Kueue, then push again."));
  }

  @Test
  void takesThePodThatIsDeletedForASuspensionForNoEnd() {
    Pod deleted =
        pod(
            """
            metadata: {deletionTimestamp: "2026-11-21T07:40:01Z"}
            status:
              containerStatuses: [{name: kaniko, state: {terminated: {exitCode: 137}}}]
            """);
    Job suspended = job("spec: {suspend: true}");

    assertThat(look(suspended, deleted, Duration.ZERO)).isInstanceOf(JobState.Waiting.class);
    assertThat(look(suspended, null, LATE.minusSeconds(1))).isInstanceOf(JobState.Waiting.class);
    assertThat(look(job(""), null, LATE.plusSeconds(1)))
        .as("resumed, and its new pod not made yet")
        .isEqualTo(new JobState.Waiting("the build's pod to be created"));
  }

  @Test
  void saysWhyAJobFailedWhosePodWasNeverSeen() {
    Job failed =
        job(
            """
            status:
              conditions:
              - type: Failed
                status: "True"
                reason: BackoffLimitExceeded
                message: Job has reached the specified backoff limit
            """);

    assertThat(look(failed, null, Duration.ZERO))
        .isEqualTo(
            new JobState.Failed(
                "JobFailed",
                "the Job of the build failed before any pod of it was seen, BackoffLimitExceeded: Job has reached the specified backoff limit; push again."));
  }

  @Test
  void tellsANodeThatCannotMakeThePodFromAVolumeThatCannotBeMounted() {
    Pod pod = pod("status: {phase: Pending}");
    Event event =
        Serialization.unmarshal(
            """
            kind: Event
            type: Warning
            reason: FailedCreatePodSandBox
            message: no addresses left
            """,
            Event.class);
    look(job(""), pod, List.of(event), Duration.ZERO);

    assertThat(look(job(""), pod, List.of(event), LATE))
        .isEqualTo(
            new JobState.Failed(
                "FailedCreatePodSandBox",
                "the node cannot make the build's pod: no addresses left; push again, or look at the node."));
  }

  /** A kubelet lists containers by their names. */
  @Test
  void endsWithTheBuilderThoughASidecarRunsOn() {
    assertThat(
            beside("istio-proxy: {running: {}}", "kaniko: {terminated: {exitCode: 0, message: d}}"))
        .isEqualTo(new JobState.Ended(0, "d"));
    assertThat(beside("kaniko: {terminated: {exitCode: 3}}", "linkerd-proxy: {running: {}}"))
        .isEqualTo(new JobState.Ended(3, ""));
  }

  @Test
  void goesOnThoughASidecarHasEndedOrCannotStart() {
    assertThat(beside("istio-proxy: {terminated: {exitCode: 1}}", "kaniko: {running: {}}"))
        .isEqualTo(new JobState.Running());
    assertThat(
            beside(
                "istio-proxy: {waiting: {reason: ErrImagePull, message: failed to pull}}",
                "kaniko: {running: {}}"))
        .isEqualTo(new JobState.Running());
  }

  @Test
  void sendsNobodyToTheBuildersImageForThatOfASidecar() {
    assertThat(
            beside(
                "istio-proxy: {waiting: {reason: ErrImagePull, message: failed to pull proxyv2}}",
                "kaniko: {waiting: {reason: PodInitializing}}"))
        .isEqualTo(
            new JobState.Failed(
                "ErrImagePull",
                "container istio-proxy, which something in the cluster puts into the pod of the build, cannot start: failed to pull proxyv2; push again, or ask whoever looks after the cluster."));
  }

  /** As an init container that is started again; the kubelet ends it after the builder. */
  @Test
  void takesTheEndOfASidecarForThatOfNothing() {
    String sidecar =
        """
        status:
          phase: Running
          initContainerStatuses:
          - {name: istio-proxy, state: {terminated: {exitCode: 143}}}
          - {name: fetch-context, state: {terminated: {exitCode: 0}}}
          containerStatuses:
          - {name: kaniko, state: {%s}}
        """;

    assertThat(look(job(""), pod(sidecar.formatted("running: {}")), LATE))
        .isEqualTo(new JobState.Running());
    assertThat(look(job(""), pod(sidecar.formatted("terminated: {exitCode: 0}")), LATE))
        .isEqualTo(new JobState.Ended(0, ""));
  }

  @Test
  void saysWhichInitContainerOfOthersHasFailed() {
    Pod pod =
        pod(
            """
            status:
              phase: Failed
              initContainerStatuses:
              - {name: istio-init, state: {terminated: {exitCode: 1, message: no iptables}}}
              - {name: fetch-context, state: {waiting: {reason: PodInitializing}}}
              containerStatuses:
              - {name: kaniko, state: {waiting: {reason: PodInitializing}}}
            """);

    assertThat(look(job(""), pod, Duration.ZERO))
        .isEqualTo(
            new JobState.Failed(
                "PodFailed",
                "container istio-init, which something in the cluster puts into the pod of the build, ended with exit code 1: no iptables; push again, or ask whoever looks after the cluster."));
  }

  private JobState beside(String first, String second) {
    String statuses =
        Stream.of(first, second)
            .map(it -> it.split(": ", 2))
            .map(it -> "\n  - {name: %s, state: %s}".formatted(it[0], it[1]))
            .collect(Collectors.joining());
    Pod pod = pod("status:\n  phase: Running\n  containerStatuses:" + statuses);
    look(job(""), pod, Duration.ZERO);
    return look(job(""), pod, LATE);
  }

  private JobState look(Job job, @Nullable Pod pod, Duration after) {
    return look(job, pod, List.of(), after);
  }

  private JobState look(Job job, @Nullable Pod pod, List<Event> events, Duration after) {
    return JobDecision.decide(
        memory.look(job, pod, events, START.plus(after)), PipelineSettings.defaults(), WORDS);
  }

  private static Job job(String yaml) {
    String spec = yaml.contains("spec:") ? "" : "spec: {}\n";
    return Serialization.unmarshal("kind: Job\n" + spec + yaml, Job.class);
  }

  private static Pod pod(String yaml) {
    String metadata = yaml.contains("metadata:") ? "" : "metadata: {}\n";
    return Serialization.unmarshal("kind: Pod\n" + metadata + yaml, Pod.class);
  }
}
