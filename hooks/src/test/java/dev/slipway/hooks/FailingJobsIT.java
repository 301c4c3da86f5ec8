package dev.slipway.hooks;

import static dev.slipway.hooks.SharedCluster.RECORDED;
import static dev.slipway.hooks.TestConfig.hookWithSource;
import static dev.slipway.hooks.TestConfig.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.Hook.When;
import dev.slipway.crd.gitd.BuildSettings;
import dev.slipway.hooks.kube.Events;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a push says of each state of a Job that was recorded of a real cluster and in which nothing
 * is built: the one line that its author reads.
 */
class FailingJobsIT extends PipelineOnCluster {
  private static final String REJECTED = " !     Push rejected: ";

  /** Who runs, recorded how, and the line; an ellipsis stands for what only the cluster can say. */
  private static final String SAID =
      """
      build | 02-init-fails                | fetching the build context ended with exit code 4; push again.
      build | 03-main-exit-7               | the builder ended with exit code 7 and said nothing; push again.
      build | 04-deadline-job-level        | the build took longer than it may; make it shorter, or raise spec.builder.timeoutSeconds of the Remote.
      build | 05-deadline-pod-level        | the build took longer than it may; make it shorter, or raise spec.builder.timeoutSeconds of the Remote.
      build | 06-oomkilled                 | the build ran out of memory; raise spec.builder.resources.limits.memory of the Remote.
      build | 07-oom-child                 | the build ran out of memory; raise spec.builder.resources.limits.memory of the Remote.
      build | 08-unschedulable-selector    | no node can take the build: … didn't match Pod's node affinity/selector…; make room or change spec.builder of the Remote.
      build | 09-unschedulable-memory      | no node can take the build: … Insufficient memory…; make room or change spec.builder of the Remote.
      build | 10-unschedulable-missing-pvc | no node can take the build: … persistentvolumeclaim "none" not found…; make room or change spec.builder of the Remote.
      build | 11-missing-secret-volume     | a volume of the build cannot be mounted: … secret "regcred" not found; check that its Secret exists.
      build | 12-missing-secretkeyref      | container kaniko of the build cannot be created: secret "regcred" not found.
      build | 13-missing-key-in-secret     | container kaniko of the build cannot be created: couldn't find key nokey in Secret ….
      build | 22-image-missing             | the image that the build runs in cannot be pulled: …busybox:nope: not found…; check spec.builder.image of the Remote.
      build | 23-image-pull-unauthorized   | the image that the build runs in cannot be pulled: … pull access denied…; check spec.builder.image of the Remote.
      build | 24-invalid-image-name        | the image that the build runs in cannot be pulled: … must be lowercase; check spec.builder.image of the Remote.
      build | 25-image-never-pull          | the image that the build runs in cannot be pulled: … pull policy of Never; check spec.builder.image of the Remote.
      build | 26-command-not-found         | the builder's container could not be started: … no such file or directory…; check spec.builder.image of the Remote.
      build | 27-evicted-emptydir-limit    | the build was evicted from its node: … exceeds the limit … Push again.
      build | 28-api-eviction              | the pod of the build was deleted; push again.
      build | 29-pod-deleted-by-hand       | the pod of the build was deleted; push again.
      hook  | 05-deadline-pod-level        | the hook took longer than it may; make it shorter, or raise spec.hooks[].timeoutSeconds of the Remote.
      hook  | 06-oomkilled                 | the hook ran out of memory; raise spec.hooks[].resources.limits.memory of the Remote.
      hook  | 22-image-missing             | the image that the hook runs in cannot be pulled: …busybox:nope: not found…; check spec.hooks[].image of the Remote.
      hook  | 26-command-not-found         | its program could not be started: … no such file or directory…; check command and image of the hook.
      """;

  private final PatientClock clock = new PatientClock();

  /** A push of which the test plays the pod. */
  private record Played(
      String scenario, Push push, Running running, List<String> shown, List<String> line) {
    boolean isOver() {
      return running.outcome().isDone();
    }
  }

  /** All at once, as most of it is waiting. */
  @Test
  void saysOfEachRecordedPodWhyNothingIsBuiltOrRun() throws Exception {
    List<Played> all = new ArrayList<>();
    for (String row : SAID.lines().toList()) {
      String[] said = row.split("\\s*\\|\\s*", 3);
      all.add(begin(said[0], said[1], said[2]));
    }

    for (Played played : all) {
      play(played);
    }

    SoftAssertions says = new SoftAssertions();
    for (Played played : all) {
      says.assertThat(rejection(played.running(), played.shown()))
          .as(played.scenario())
          .startsWith(played.line().getFirst())
          .containsSubsequence(played.line())
          .endsWith(played.line().getLast());
    }
    says.assertAll();
    assertThat(image()).isEqualTo(OLD);
    assertThat(tokens()).isEmpty();
  }

  /** What the embedded API refuses as the recorded cluster did. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          14-quota-blocked          | exceeded quota: q | raise the quota, or lower spec.builder.resources of the Remote.
          15-quota-needs-limits     | failed quota: q: must specify limits.memory | give the namespace a LimitRange with defaults for what the quota counts.
          16-podsecurity-restricted | violates PodSecurity "restricted:latest" | relax the Pod Security level of the namespace.
          31-missing-serviceaccount | error looking up service account | create the ServiceAccount, then push again.
          33-limitrange-max         | maximum memory usage per Container is 64Mi, but limit is 1Gi | change spec.builder.resources of the Remote, or the LimitRange.
          """)
  void saysWhoRefusesThePodAndWhatToDo(String scenario, String words, String advice)
      throws Exception {
    Push push = push(RECORDED + " " + scenario);
    try (var _ = faults().on("create", "serviceaccounts").in(namespace).serverError()) {
      refuse(scenario);
      Running running = begin(patient(TestConfig.of(target("web", "web"))), push, lines::add);
      await().until(() -> jobs().stream().anyMatch(FailingJobsIT::isRefused));

      assertThat(rejection(running, lines))
          .startsWith(REJECTED + "web: the cluster refuses the build's pod: ")
          .contains(words)
          .endsWith("; " + advice);
    }
  }

  private void refuse(String scenario) {
    switch (scenario.substring(0, 2)) {
      case "14" -> kubectl("create", "quota", "q", "--hard=pods=0");
      case "15" -> kubectl("create", "quota", "q", "--hard=limits.memory=1Gi");
      case "16" ->
          kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted");
      case "31" -> kubectl("delete", "serviceaccount", "default");
      default ->
          client()
              .resource(
                  """
                  apiVersion: v1
                  kind: LimitRange
                  metadata: {name: small, namespace: %s}
                  spec: {limits: [{type: Container, max: {memory: 64Mi}}]}
                  """
                      .formatted(namespace))
              .create();
    }
  }

  @Test
  void saysThatTheJobIsSuspended() throws Exception {
    Running running = begin(patient(TestConfig.of(target("web", "web"))), push("held"), lines::add);
    suspend(true);
    await().until(() -> String.valueOf(jobs().getFirst().getStatus()).contains("JobSuspended"));

    assertThat(rejection(running, lines))
        .isEqualTo(
            REJECTED
                + "web: the Job of the build is suspended and was not resumed in 120 s; ask whoever"
                + " holds back Jobs in this namespace, such as Kueue, then push again.");
  }

  @Test
  void goesOnWithAJobThatIsSuspendedForAWhile() throws Exception {
    Push push = push("held");
    Running running = begin(push);
    await().until(() -> lines.contains("       Step: RUN make"));
    suspend(true);
    await().until(() -> lines.stream().anyMatch(line -> line.contains("Job to be resumed")));

    suspend(false);
    letGo(push);

    deployed(push, running.await());
  }

  private void suspend(boolean suspended) {
    await().until(() -> !jobs().isEmpty());
    kubectl(
        "patch",
        "job",
        jobs().getFirst().getMetadata().getName(),
        "-p",
        "{\"spec\": {\"suspend\": %s}}".formatted(suspended));
  }

  private static boolean isRefused(Job job) {
    return Events.about(client(), job).stream()
        .anyMatch(event -> "FailedCreate".equals(event.getReason()));
  }

  private Played begin(String who, String scenario, String line) throws IOException {
    TestConfig config = TestConfig.of(target("web", "web"));
    boolean build = who.equals("build");
    if (!build) {
      config.hooks(hookWithSource("check", When.BeforeBuild, RECORDED));
    }
    String begin = REJECTED + (build ? "web: " : "hook check (before the build): ");
    Push push = push(String.join(" ", RECORDED, who, scenario));
    List<String> shown = new CopyOnWriteArrayList<>();
    return new Played(
        scenario,
        push,
        begin(patient(config), push, shown::add),
        shown,
        List.of((begin + line).split("…", -1)));
  }

  /** One that gives nothing up until time passes. */
  private PushPipeline patient(TestConfig config) {
    BuildSettings builder =
        new BuildSettings(
            "ghcr.io/osscontainertools/kaniko:v1.28.3",
            "slipway/gitd",
            "http://dev-gitd-context.default.svc:8022",
            "dev-gitd-tokens",
            new ResourceRequirementsBuilder().addToLimits("memory", new Quantity("1Gi")).build(),
            900_000,
            Map.of(),
            List.of(),
            List.of(),
            1,
            /* cache= */ null,
            /* isolatePush= */ false,
            /* priorityClassName= */ null);
    PipelineSettings usual = PipelineSettings.defaults();
    PipelineSettings patient =
        new PipelineSettings(
            usual.notice(),
            usual.startLimit(),
            usual.mountGrace(),
            usual.pullGrace(),
            usual.crashLimit(),
            usual.restoreLimit(),
            usual.apiPatience(),
            /* registryPatience= */ Duration.ZERO);
    return pipeline(config.builder(builder), patient, clock);
  }

  /** Lets time pass until the push is over. */
  private String rejection(Running running, List<String> shown) throws Exception {
    await()
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              clock.pass(Duration.ofSeconds(30));
              return running.outcome().isDone();
            });
    assertThat(running.await()).as("%s", shown).isInstanceOf(PushOutcome.Rejected.class);
    List<String> rejected = shown.stream().filter(line -> line.startsWith(REJECTED)).toList();
    assertThat(rejected).as("%s", shown).hasSize(1);
    return rejected.getFirst();
  }

  /** Has the pod of a push go through what was recorded, as far as the push lets it. */
  private void play(Played played) throws IOException {
    Recordings recordings = Recordings.present();
    String folder = "d-jobs/" + played.scenario();
    await().until(() -> played.isOver() || pod(played).isPresent());
    Pod pod = pod(played).orElseThrow();
    try {
      for (var seen : recordings.watch(folder + "/jobs.watch.json", Job.class)) {
        // The embedded controller would come to it as well, in fifteen minutes.
        if (String.valueOf(seen.object().getStatus()).contains("DeadlineExceeded")) {
          fail(pod, seen.object().getStatus().getConditions());
        }
      }
      for (var event : recordings.json(folder + "/final.json").path("events").path("items")) {
        tell(pod, Serialization.unmarshal(event.toString(), Event.class));
      }
      for (var seen : recordings.watch(folder + "/pods.watch.json", Pod.class)) {
        if (seen.object().getMetadata().getDeletionTimestamp() != null) {
          client().resource(pod).withGracePeriod(0).delete();
          return;
        }
        PodStatus status = seen.object().getStatus();
        if (tells(status)) {
          show(pod, status);
        }
      }
    } catch (KubernetesClientException e) {
      // A push that knows enough deletes its Job.
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }

  /** Or has it just been made and given to a node, as here. */
  private static boolean tells(PodStatus status) {
    return !status.getContainerStatuses().isEmpty()
        || status.getConditions().toString().contains("Unschedulable");
  }

  private Optional<Pod> pod(Played played) {
    String commit = played.push().changes().getFirst().newId().name();
    return client().pods().inNamespace(namespace).list().getItems().stream()
        .filter(pod -> pod.getSpec().getNodeName() != null)
        .filter(pod -> pod.getStatus().getConditions().toString().contains("PodScheduled"))
        .filter(pod -> pod.getSpec().getContainers().toString().contains(commit))
        .findFirst();
  }

  /**
   * Whatever the embedded controller writes at the same moment. A real API server lets no Job end
   * that has active pods.
   */
  private void fail(Pod pod, List<JobCondition> conditions) {
    client()
        .batch()
        .v1()
        .jobs()
        .inNamespace(namespace)
        .withName(pod.getMetadata().getOwnerReferences().getFirst().getName())
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"status\":{\"active\":null,\"ready\":null,\"conditions\":%s}}"
                .formatted(Serialization.asJson(conditions)));
  }

  private void tell(Pod pod, Event event) {
    if (event.getInvolvedObject().getKind().equals("Pod")) {
      client()
          .resource(
              new EventBuilder(event)
                  .withNewMetadata()
                  .withGenerateName("played-")
                  .withNamespace(namespace)
                  .endMetadata()
                  .editInvolvedObject()
                  .withNamespace(namespace)
                  .withName(pod.getMetadata().getName())
                  .withUid(pod.getMetadata().getUid())
                  .withResourceVersion(null)
                  .endInvolvedObject()
                  .build())
          .create();
    }
  }

  /** With the names that the containers have here. */
  private void show(Pod pod, PodStatus recorded) {
    PodStatus status = Serialization.clone(recorded);
    // It follows from the pod's own resources, and never changes.
    status.setQosClass(null);
    status.getInitContainerStatuses().forEach(it -> it.setName("fetch-context"));
    status
        .getContainerStatuses()
        .forEach(it -> it.setName(pod.getSpec().getContainers().getFirst().getName()));
    // The Job controller takes its finalizer away meanwhile.
    await()
        .pollDelay(Duration.ZERO)
        .ignoreExceptionsMatching(
            e ->
                e instanceof KubernetesClientException refused
                    && refused.getCode() == HttpURLConnection.HTTP_CONFLICT)
        .until(
            () -> {
              Pod now = client().resource(pod).get();
              return now == null
                  || client()
                          .resource(new PodBuilder(now).withStatus(status).build())
                          .updateStatus()
                      != null;
            });
  }
}
