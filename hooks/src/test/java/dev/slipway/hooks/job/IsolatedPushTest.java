package dev.slipway.hooks.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.hooks.PipelineSettings;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A Job whose container that counts is an init container, and has another one behind it. */
class IsolatedPushTest {
  private static final JobWords WORDS =
      new JobWords("kaniko", "build", "spec.builder", "the context", "the builder", "", "", "");

  @Test
  void isWaitedForWhileTheFilesCome() {
    assertThat(decide(running("fetch-context"), waiting("kaniko"), waiting("push")))
        .isEqualTo(new JobState.Waiting("the context to arrive"));
  }

  @Test
  void runsWhileTheBuilderRuns() {
    assertThat(decide(ended("fetch-context", 0, ""), running("kaniko"), waiting("push")))
        .isEqualTo(new JobState.Running());
  }

  @Test
  void finishesFromTheEndOfTheBuilderOnUntilTheImageIsPushed() {
    assertThat(decide(ended("fetch-context", 0, ""), ended("kaniko", 0, ""), waiting("push")))
        .isEqualTo(new JobState.Finishing("the image to be pushed"));
    assertThat(decide(ended("fetch-context", 0, ""), ended("kaniko", 0, ""), running("push")))
        .isEqualTo(new JobState.Finishing("the image to be pushed"));
  }

  @Test
  void endsWithWhatThePushSays() {
    assertThat(decide(ended("fetch-context", 0, ""), ended("kaniko", 0, ""), ended("push", 0, "d")))
        .isEqualTo(new JobState.Ended(0, "d"));
  }

  @Test
  void endsWithTheBuildersExitCode() {
    assertThat(decide(ended("fetch-context", 0, ""), ended("kaniko", 3, ""), waiting("push")))
        .isEqualTo(new JobState.Ended(3, ""));
  }

  @Test
  void failsWithTheSentenceOfThePush() {
    assertThat(
            decide(ended("fetch-context", 0, ""), ended("kaniko", 0, ""), ended("push", 1, "no.")))
        .isEqualTo(new JobState.Failed("PushFailed", "no."));
    assertThat(decide(ended("fetch-context", 0, ""), ended("kaniko", 0, ""), ended("push", 9, "")))
        .isEqualTo(
            new JobState.Failed(
                "PushFailed", "pushing the image ended with exit code 9; push again."));
  }

  private static JobState decide(
      ContainerStatus fetch, ContainerStatus kaniko, ContainerStatus push) {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("build")
            .endMetadata()
            .withNewStatus()
            .withPhase("Pending")
            .withInitContainerStatuses(fetch, kaniko)
            .withContainerStatuses(push)
            .endStatus()
            .build();
    return JobDecision.decide(
        new JobSight(
            null,
            pod,
            /* podSeen= */ true,
            List.of(),
            Duration.ZERO,
            Duration.ofSeconds(1),
            Duration.ofMinutes(1)),
        PipelineSettings.defaults(),
        WORDS);
  }

  private static ContainerStatus waiting(String name) {
    return new ContainerStatusBuilder()
        .withName(name)
        .withNewState()
        .withNewWaiting(null, "PodInitializing")
        .endState()
        .build();
  }

  private static ContainerStatus running(String name) {
    return new ContainerStatusBuilder()
        .withName(name)
        .withNewState()
        .withNewRunning("2026-11-21T07:40:00Z")
        .endState()
        .build();
  }

  private static ContainerStatus ended(String name, int exitCode, String message) {
    return new ContainerStatusBuilder()
        .withName(name)
        .withNewState()
        .withNewTerminated()
        .withExitCode(exitCode)
        .withMessage(message)
        .endTerminated()
        .endState()
        .build();
  }
}
