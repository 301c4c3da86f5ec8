package dev.slipway.hooks.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.hooks.PipelineSettings;
import dev.slipway.hooks.Recordings;
import dev.slipway.hooks.Recordings.Seen;
import dev.slipway.hooks.workload.LiveWorkload;
import dev.slipway.hooks.workload.Pods;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the decisions about a rollout against watch streams of a real cluster. */
class RolloutReplayTest {
  private static final Instant START = Instant.parse("2026-11-21T07:39:00Z");
  private static final Duration TIMEOUT = Duration.ofSeconds(200);

  @ParameterizedTest
  @CsvSource({
    "2-good-rollout",
    "3-undo-by-setting-image-back",
    "5-image-set-while-zero",
    "9-missing-image-undone"
  })
  void seesAGoodRolloutThrough(String scenario) throws IOException {
    List<RolloutState> states = replay(scenario, it -> it).states();

    assertThat(states.getLast()).isEqualTo(new RolloutState.Healthy("rolled out"));
    assertThat(states.getFirst())
        .as("the status of the rollout before does not count")
        .isInstanceOf(RolloutState.Progressing.class);
  }

  /**
   * @param limit seconds from the change of the image until the push knows
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          7-paused                | Paused                   | kubectl rollout resume |   1
          8-missing-image         | ErrImagePull             | busybox:nope           |  12
          10-crash-loop           | CrashLoopBackOff         | Error, exit code 3     |  18
          12-quota-blocks-rollout | FailedCreate             | exceeded quota         | 122
          """)
  void saysWhyItFailsLongBeforeADeadlineOfMinutes(
      String scenario, String reason, String words, double limit) throws IOException {
    fails(replay(scenario, RolloutReplayTest::withoutDeadline), reason, words, limit);
  }

  /** The recorded Deployments have one of ten seconds. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          8-missing-image         | made no progress within its deadline: ErrImagePull, | 11
          10-crash-loop           | made no progress within its deadline: its new container ends again and again, Error, exit code 3 | 11
          11-failing-readiness    | made no progress within its deadline: Readiness probe failed | 11
          """)
  void saysWhatWasInTheWayWhenTheDeadlineComesFirst(String scenario, String words, double limit)
      throws IOException {
    fails(replay(scenario, it -> it), "ProgressDeadlineExceeded", words, limit);
  }

  private static void fails(Replay replay, String reason, String words, double limit) {
    assertThat(replay.states().getLast())
        .isInstanceOfSatisfying(
            RolloutState.Failed.class,
            failed -> {
              assertThat(failed.reason()).isEqualTo(reason);
              assertThat(failed.sentence()).contains(words).endsWith(".");
            });
    assertThat(replay.seconds()).isLessThanOrEqualTo(limit);
  }

  @Test
  void hasADeadlineOfItsOwnWhereTheConditionsNeverTell() throws IOException {
    PipelineSettings patient =
        new PipelineSettings(
            Duration.ofSeconds(5),
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofHours(1),
            99,
            Duration.ofSeconds(60),
            Duration.ofSeconds(1),
            Duration.ZERO);

    assertThat(replay("12-quota-blocks-rollout", patient, it -> it).states().getLast())
        .isInstanceOfSatisfying(
            RolloutState.Failed.class,
            failed -> {
              assertThat(failed.reason()).isEqualTo("RolloutTimeout");
              assertThat(failed.sentence()).contains("within 200 s").contains("exceeded quota");
            });
  }

  private record Change(double at, Object object, boolean gone) {}

  /**
   * States from the change of the image until the first that ends the rollout.
   *
   * @param seconds that it took
   */
  private record Replay(List<RolloutState> states, double seconds) {}

  /** As if the recorded Deployment had the usual deadline of ten minutes. */
  private static Deployment withoutDeadline(Deployment deployment) {
    return new DeploymentBuilder(deployment)
        .editStatus()
        .removeMatchingFromConditions(
            condition -> "ProgressDeadlineExceeded".equals(condition.getReason()))
        .endStatus()
        .build();
  }

  private static Replay replay(String scenario, UnaryOperator<Deployment> as) throws IOException {
    return replay(scenario, PipelineSettings.defaults(), as);
  }

  private static Replay replay(
      String scenario, PipelineSettings settings, UnaryOperator<Deployment> as) throws IOException {
    Recordings recordings = Recordings.present();
    String folder = "c-rollouts/" + scenario;
    List<Seen<Deployment>> deployments =
        recordings.watch(folder + "/deployments.watch.json", Deployment.class);
    List<Change> changes =
        Stream.of(
                deployments.stream(),
                recordings.watch(folder + "/pods.watch.json", Pod.class).stream(),
                recordings.watch(folder + "/events.watch.json", Event.class).stream())
            .flatMap(stream -> stream)
            .map(seen -> new Change(seen.at(), seen.object(), seen.type().equals("DELETED")))
            .sorted(Comparator.comparingDouble(Change::at))
            .toList();
    long before = deployments.getFirst().object().getMetadata().getGeneration();
    Map<String, String> images = images(deployments.getLast().object());

    List<RolloutState> states = new ArrayList<>();
    Map<String, Pod> pods = new TreeMap<>();
    List<Event> events = new ArrayList<>();
    RolloutSight.Memory memory = null;
    Deployment deployment = null;
    int next = 0;
    double at = 0;
    double set = 0;
    while (at < 300) {
      // A push looks at every change, and every second.
      boolean changed = next < changes.size() && changes.get(next).at() <= at + 1;
      at = changed ? changes.get(next).at() : at + 1;
      if (changed) {
        Change change = changes.get(next++);
        switch (change.object()) {
          case Deployment seen -> deployment = as.apply(seen);
          case Pod pod when change.gone() -> pods.remove(pod.getMetadata().getName());
          case Pod pod -> pods.put(pod.getMetadata().getName(), pod);
          case Event event -> events.add(event);
          default -> throw new IllegalStateException(change.toString());
        }
      }
      if (deployment == null || deployment.getMetadata().getGeneration() == before) {
        continue;
      }
      Instant now = START.plusMillis((long) (at * 1000));
      if (memory == null) {
        memory = new RolloutSight.Memory(now);
        set = at;
      }
      List<Pod> newPods = pods.values().stream().filter(pod -> Pods.runs(pod, images)).toList();
      RolloutState state =
          RolloutDecision.decide(
              memory.look(
                  new RolloutSight.Seen(
                      LiveWorkload.of(deployment), newPods, Optional.empty(), events, List.of()),
                  now),
              settings,
              TIMEOUT);
      states.add(state);
      if (!(state instanceof RolloutState.Progressing)) {
        break;
      }
    }
    return new Replay(states, at - set);
  }

  private static Map<String, String> images(Deployment deployment) {
    Map<String, String> images = new TreeMap<>();
    deployment
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .forEach(container -> images.put(container.getName(), container.getImage()));
    return images;
  }
}
