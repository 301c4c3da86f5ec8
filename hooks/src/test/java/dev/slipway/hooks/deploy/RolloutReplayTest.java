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
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
    List<RolloutState> states = replay(scenario);

    assertThat(states.getLast()).isEqualTo(new RolloutState.Healthy("rolled out"));
    assertThat(states.getFirst())
        .as("the status of the rollout before does not count")
        .isInstanceOf(RolloutState.Progressing.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          7-paused                | Paused                   | kubectl rollout resume
          8-missing-image         | ErrImagePull             | busybox:nope
          10-crash-loop           | CrashLoopBackOff         | Error, exit code 3
          11-failing-readiness    | ProgressDeadlineExceeded | made no progress
          12-quota-blocks-rollout | FailedCreate             | exceeded quota
          """)
  void saysWhyItFails(String scenario, String reason, String words) throws IOException {
    assertThat(replay(scenario).getLast())
        .isInstanceOfSatisfying(
            RolloutState.Failed.class,
            failed -> {
              assertThat(failed.reason()).isIn(reason, "ProgressDeadlineExceeded");
              assertThat(failed.sentence()).contains(words).endsWith(".");
            });
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

    assertThat(replay("12-quota-blocks-rollout", patient).getLast())
        .isInstanceOfSatisfying(
            RolloutState.Failed.class,
            failed -> {
              assertThat(failed.reason()).isEqualTo("RolloutTimeout");
              assertThat(failed.sentence()).contains("within 200 s").contains("exceeded quota");
            });
  }

  private record Change(double at, Object object, boolean gone) {}

  private static List<RolloutState> replay(String scenario) throws IOException {
    return replay(scenario, PipelineSettings.defaults());
  }

  /** States from the change of the image until the first that ends the rollout. */
  private static List<RolloutState> replay(String scenario, PipelineSettings settings)
      throws IOException {
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
    while (at < 300) {
      // What never changes any more ends by our own patience.
      at = next < changes.size() ? changes.get(next).at() : at + 1;
      if (next < changes.size()) {
        Change change = changes.get(next++);
        switch (change.object()) {
          case Deployment seen -> deployment = seen;
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
      memory = memory == null ? new RolloutSight.Memory(now) : memory;
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
    return states;
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
