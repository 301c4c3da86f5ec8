package dev.slipway.hooks.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.hooks.PipelineSettings;
import dev.slipway.hooks.Recordings;
import dev.slipway.hooks.Recordings.Seen;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the decisions about a Job against watch streams of a real cluster. */
class JobReplayTest {
  private static final Instant START = Instant.parse("2026-11-21T07:40:00Z");
  private static final JobWords WORDS =
      new JobWords(
          "main",
          "build",
          "spec.builder",
          "the build context",
          "the builder",
          "NotStarted",
          "check its image",
          "check its image");
  private static final Duration TIMEOUT = Duration.ofMinutes(15);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          01-good-init                 | Ended            | 0
          02-init-fails                | ContextFailed    | exit code 4
          03-main-exit-7               | Ended            | 7
          04-deadline-job-level        | DeadlineExceeded | longer than it may
          05-deadline-pod-level        | DeadlineExceeded | longer than it may
          06-oomkilled                 | OutOfMemory      | out of memory
          07-oom-child                 | OutOfMemory      | out of memory
          08-unschedulable-selector    | Unschedulable    | didn't match Pod's node affinity
          09-unschedulable-memory      | Unschedulable    | Insufficient memory
          10-unschedulable-missing-pvc | Unschedulable    | persistentvolumeclaim "none" not found
          11-missing-secret-volume     | FailedMount      | secret "regcred" not found
          12-missing-secretkeyref      | CreateContainerConfigError | secret "regcred" not found
          13-missing-key-in-secret     | CreateContainerConfigError | couldn't find key nokey
          14-quota-blocked             | FailedCreate     | limited: pods=0; raise the quota, or lower spec.builder.resources of the Remote.
          15-quota-needs-limits        | FailedCreate     | must specify limits.memory for: main; give the namespace a LimitRange with defaults for what the quota counts.
          16-podsecurity-restricted    | FailedCreate     | ; relax the Pod Security level of the namespace.
          17-podsecurity-baseline-kaniko | Ended          | 0
          22-image-missing             | ImagePullBackOff | busybox:nope: not found
          23-image-pull-unauthorized   | ImagePullBackOff | pull access denied
          24-invalid-image-name        | InvalidImageName | must be lowercase
          25-image-never-pull          | ErrImageNeverPull | pull policy of Never
          26-command-not-found         | NotStarted | no such file or directory
          27-evicted-emptydir-limit    | Evicted          | exceeds the limit
          28-api-eviction              | PodDeleted       | was deleted
          29-pod-deleted-by-hand       | PodDeleted       | was deleted
          30-suspend-resume            | Ended            | 0
          31-missing-serviceaccount    | FailedCreate     | not found; create the ServiceAccount, then push again.
          32-missing-imagepullsecret   | Ended            | 0
          33-limitrange-max            | FailedCreate     | limit is 1Gi; change spec.builder.resources of the Remote, or the LimitRange.
          34-termination-message       | Ended            | 0
          """)
  void endsAsTheClusterDid(String scenario, String reason, String words) throws IOException {
    JobState end = replay(scenario).getLast();

    switch (end) {
      case JobState.Failed failed -> {
        assertThat(failed.reason()).isEqualTo(reason);
        assertThat(failed.sentence()).contains(words).doesNotContain("\n").endsWith(".");
      }
      case JobState.Ended(int exitCode, String message) -> {
        assertThat(reason).isEqualTo("Ended");
        assertThat(exitCode).isEqualTo(Integer.parseInt(words));
      }
      default -> assertThat(end).as("a state that ends the Job").isNull();
    }
  }

  @ParameterizedTest
  @CsvSource({"01-good-init,Waiting|Running|Ended", "03-main-exit-7,Waiting|Ended"})
  void passesThroughTheStatesInOrder(String scenario, String states) throws IOException {
    List<String> names =
        replay(scenario).stream()
            .map(state -> state.getClass().getSimpleName())
            .distinct()
            .toList();

    assertThat(String.join("|", names)).isEqualTo(states);
  }

  @ParameterizedTest
  @CsvSource({"34-termination-message"})
  void takesTheContainersEndNotTheJobsCondition(String scenario) throws IOException {
    List<Seen<Job>> jobs =
        Recordings.present().watch("d-jobs/" + scenario + "/jobs.watch.json", Job.class);

    assertThat(replay(scenario).getLast())
        .isEqualTo(new JobState.Ended(0, "sha256:" + "0".repeat(63) + "7"));
    assertThat(endsAt(scenario)).isLessThan(jobs.getLast().at() - 1);
  }

  private record Change(double at, @Nullable Job job, @Nullable Pod pod, boolean isPod) {}

  /** States until the first that ends the Job. */
  private static List<JobState> replay(String scenario) throws IOException {
    List<JobState> states = new ArrayList<>();
    run(scenario, states);
    return states;
  }

  private static double endsAt(String scenario) throws IOException {
    return run(scenario, new ArrayList<>());
  }

  private static double run(String scenario, List<JobState> states) throws IOException {
    Recordings recordings = Recordings.present();
    String folder = "d-jobs/" + scenario;
    List<Change> changes =
        Stream.concat(
                recordings.watch(folder + "/jobs.watch.json", Job.class).stream()
                    .map(
                        seen ->
                            new Change(seen.at(), gone(seen) ? null : seen.object(), null, false)),
                recordings.watch(folder + "/pods.watch.json", Pod.class).stream()
                    .map(
                        seen ->
                            new Change(
                                seen.at(), null, gone(seen) ? null : ours(seen.object()), true)))
            .sorted(Comparator.comparingDouble(Change::at))
            .toList();
    List<Event> events = events(recordings.json(folder + "/final.json").path("events"));

    JobSight.Memory memory = new JobSight.Memory(START, TIMEOUT);
    Job job = null;
    Pod pod = null;
    for (Change change : changes) {
      job = change.isPod() ? job : change.job();
      pod = change.isPod() ? change.pod() : pod;
      if (look(memory, job, pod, List.of(), change.at(), states)) {
        return change.at();
      }
    }
    // What never changes any more ends by our own patience.
    for (double at = changes.getLast().at(); at < 300; at += 1) {
      if (look(memory, job, pod, events, at, states)) {
        return at;
      }
    }
    return Double.NaN;
  }

  private static boolean look(
      JobSight.Memory memory,
      @Nullable Job job,
      @Nullable Pod pod,
      List<Event> events,
      double at,
      List<JobState> states) {
    Instant now = START.plusMillis((long) (at * 1000));
    JobState state =
        JobDecision.decide(memory.look(job, pod, events, now), PipelineSettings.defaults(), WORDS);
    states.add(state);
    return !(state instanceof JobState.Waiting || state instanceof JobState.Running);
  }

  /** With the name that the init container has here. */
  private static Pod ours(Pod recorded) {
    recorded.getStatus().getInitContainerStatuses().forEach(it -> it.setName(FetchFiles.CONTAINER));
    return recorded;
  }

  private static boolean gone(Seen<?> seen) {
    return seen.type().equals("DELETED");
  }

  private static List<Event> events(JsonNode list) {
    List<Event> events = new ArrayList<>();
    for (JsonNode item : list.has("items") ? list.path("items") : list) {
      events.add(Serialization.unmarshal(item.toString(), Event.class));
    }
    return events;
  }
}
