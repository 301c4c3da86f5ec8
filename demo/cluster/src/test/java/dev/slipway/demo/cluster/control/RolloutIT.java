package dev.slipway.demo.cluster.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.demo.cluster.ClusterExtension;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rollouts go as recordings/c-rollouts says that they go on a real cluster. */
class RolloutIT {
  @RegisterExtension static final ClusterExtension cluster = ClusterExtension.apiOnly();

  /** In seconds: longer than any machine takes. */
  private static final int NO_DEADLINE = 3600;

  private static FakeKubelet kubelet;

  private KubernetesClient client;
  private String namespace;

  @BeforeAll
  static void addNode() {
    kubelet = new FakeKubelet(cluster.client());
  }

  @AfterAll
  static void removeNode() {
    kubelet.close();
  }

  @BeforeEach
  void makeNamespace(TestInfo test) {
    client = cluster.client();
    namespace = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    await()
        .until(
            () ->
                client.serviceAccounts().inNamespace(namespace).withName("default").get() != null);
  }

  @AfterEach
  void removeDeployment() {
    client.apps().deployments().inNamespace(namespace).delete();
  }

  @Test
  void createsAsRecorded() {
    try (var web = observe()) {
      try (var _ = kubelet.hold()) {
        create(deployment("busybox:1.36"));
        web.until(d -> isObserved(d) && Objects.equals(d.getStatus().getUpdatedReplicas(), 2));
      }
      var done = web.until(RolloutIT::isComplete);

      assertThat(done.getStatus().getUnavailableReplicas()).isNull();
      tellsTheSame(web, "c-rollouts/1-create");
    }
  }

  @Test
  void rollsForthAndBackAsRecorded() {
    create(deployment("busybox:1.36"));
    untilComplete();
    try (var web = observe()) {
      edit(RolloutIT::with137);
      web.until(RolloutIT::isComplete);
      tellsTheSame(web, "c-rollouts/2-good-rollout");
    }
    try (var web = observe()) {
      edit(deployment -> withImage(deployment, "busybox:1.36"));
      var done = web.until(RolloutIT::isComplete);

      tellsTheSame(web, "c-rollouts/3-undo-by-setting-image-back");
      assertThat(done.getMetadata().getAnnotations())
          .containsEntry("deployment.kubernetes.io/revision", "3");
      assertThat(client.apps().replicaSets().inNamespace(namespace).list().getItems()).hasSize(2);
    }
  }

  @Test
  void scalesToZeroAndRollsOutAtOnceThere() {
    create(deployment("busybox:1.36"));
    untilComplete();
    try (var web = observe()) {
      client.apps().deployments().inNamespace(namespace).withName("web").scale(0);
      var zero = web.until(d -> isObserved(d) && d.getStatus().getReplicas() == null);

      assertThat(zero.getStatus().getAvailableReplicas()).isNull();
      tellsTheSame(web, "c-rollouts/4-scale-to-zero");
    }
    edit(RolloutIT::with137);
    untilComplete();
  }

  @Test
  void givesUpOnAPodThatNeverGetsReadyAndGoesBack() {
    create(deployment("busybox:1.36"));
    untilComplete();
    try (var web = observe()) {
      edit(deployment -> withImage(deployment, "busybox:stuck"));
      web.until(d -> isObserved(d) && Objects.equals(d.getStatus().getUpdatedReplicas(), 1));
      edit(deployment -> withDeadline(deployment, 1));
      web.until(d -> hasReason(d, "ProgressDeadlineExceeded"));
      // Whether the new pod was there already when its set was first counted is chance.
      tellsTheSame(web, "c-rollouts/8-missing-image", story -> story.without("ReplicaSetUpdated"));
    }
    try (var web = observe()) {
      edit(deployment -> withDeadline(withImage(deployment, "busybox:1.36"), NO_DEADLINE));
      web.until(d -> isComplete(d) && hasReason(d, "NewReplicaSetAvailable"));
      tellsTheSame(web, "c-rollouts/9-missing-image-undone");
    }
  }

  /** No deadline passes: a controller that goes by the Progressing condition waits for ever. */
  @Test
  void saysOnlyThatAQuotaRefusesWhileGoingBack() {
    create(deployment("busybox:1.36"));
    untilComplete();
    edit(RolloutIT::with137);
    untilComplete();
    client
        .resource(
            new ResourceQuotaBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("q")
                .endMetadata()
                .withNewSpec()
                .addToHard("pods", new Quantity("2"))
                .endSpec()
                .build())
        .create();
    try (var web = observe()) {
      edit(deployment -> withImage(deployment, "busybox:1.36"));
      web.until(d -> hasReason(d, "FailedCreate"));

      tellsTheSame(web, "c-rollouts/12-quota-blocks-rollout", Story::withoutRepeats);
    }
  }

  @Test
  void waitsWhilePaused() {
    create(deployment("busybox:1.36"));
    untilComplete();
    edit(d -> new DeploymentBuilder(d).editSpec().withPaused(true).endSpec().build());
    edit(RolloutIT::with137);
    try (var web = observe()) {
      var paused = web.until(RolloutIT::isObserved);
      assertThat(hasReason(paused, "DeploymentPaused")).isTrue();
      assertThat(client.apps().replicaSets().inNamespace(namespace).list().getItems()).hasSize(1);

      edit(d -> new DeploymentBuilder(d).editSpec().withPaused(false).endSpec().build());
      web.until(RolloutIT::isComplete);
    }
  }

  @Test
  void servesKubectlRollout() {
    create(deployment("busybox:1.36"));
    untilComplete();
    edit(RolloutIT::with137);

    assertThat(kubectl("rollout", "status", "deployment/web"))
        .contains("deployment \"web\" successfully rolled out");
    assertThat(kubectl("rollout", "history", "deployment/web")).containsPattern("1 .*\n2 ");
    assertThat(kubectl("rollout", "undo", "deployment/web")).contains("rolled back");
    assertThat(kubectl("rollout", "status", "deployment/web")).contains("successfully rolled out");
    assertThat(get().getSpec().getTemplate().getSpec().getContainers().getFirst().getImage())
        .isEqualTo("busybox:1.36");
  }

  @Test
  void writesNothingWhenNothingChanges() {
    create(deployment("busybox:1.36"));
    untilComplete();
    var version = get().getMetadata().getResourceVersion();
    edit(
        deployment ->
            new DeploymentBuilder(deployment)
                .editMetadata()
                .addToLabels("touched", "yes")
                .endMetadata()
                .build());
    var touched = get().getMetadata().getResourceVersion();

    assertThat(touched).isNotEqualTo(version);
    await()
        .during(Duration.ofMillis(500))
        .until(() -> get().getMetadata().getResourceVersion().equals(touched));
  }

  private void tellsTheSame(Observation<Deployment> web, String scenario) {
    tellsTheSame(web, scenario, UnaryOperator.identity());
  }

  private void tellsTheSame(
      Observation<Deployment> web, String scenario, UnaryOperator<Story> view) {
    var recorded = view.apply(Story.recorded(scenario, "deployments"));
    // Events are written later than what they tell.
    await()
        .untilAsserted(
            () -> {
              var observed = view.apply(web.story());
              assertThat(observed.conditions()).isEqualTo(recorded.conditions());
              assertThat(observed.events()).isEqualTo(recorded.events());
            });
  }

  private Observation<Deployment> observe() {
    return new Observation<>(client, Deployment.class, namespace, "web");
  }

  private void create(Deployment deployment) {
    client.resource(deployment).create();
  }

  /** Again from the newest state when a controller has written in between. */
  private void edit(UnaryOperator<Deployment> change) {
    await()
        .ignoreExceptionsMatching(
            e ->
                e instanceof KubernetesClientException refused
                    && refused.getCode() == HttpURLConnection.HTTP_CONFLICT)
        .until(
            () ->
                client.apps().deployments().inNamespace(namespace).withName("web").edit(change)
                    != null);
  }

  private Deployment get() {
    return client.apps().deployments().inNamespace(namespace).withName("web").get();
  }

  /** Until all of it is written as well: events come later than what they tell. */
  private void untilComplete() {
    try (var web = observe()) {
      web.until(RolloutIT::isComplete);
    }
    await().until(this::allIsTold);
  }

  private boolean allIsTold() {
    var told =
        client.v1().events().inNamespace(namespace).list().getItems().stream()
            .map(Event::getMessage)
            .toList();
    var pods =
        client.pods().inNamespace(namespace).list().getItems().stream()
            .map(pod -> pod.getMetadata().getName())
            .toList();
    boolean placed =
        pods.stream()
            .allMatch(
                pod ->
                    told.contains("Created pod: " + pod)
                        && told.stream().anyMatch(it -> it.contains("/" + pod + " to ")));
    boolean removed =
        told.stream()
            .filter(it -> it.startsWith("Created pod: "))
            .map(it -> it.substring("Created pod: ".length()))
            .allMatch(pod -> pods.contains(pod) || told.contains("Deleted pod: " + pod));
    boolean scaled =
        client.apps().replicaSets().inNamespace(namespace).list().getItems().stream()
            .filter(set -> told.stream().anyMatch(it -> it.contains("Created pod: " + nameOf(set))))
            .map(set -> "%s from \\d+ to %d".formatted(nameOf(set), set.getSpec().getReplicas()))
            .allMatch(end -> told.stream().anyMatch(it -> it.matches(".* replica set " + end)));
    return placed && removed && scaled;
  }

  private static String nameOf(ReplicaSet set) {
    return set.getMetadata().getName();
  }

  private String kubectl(String... args) {
    var all = new ArrayList<>(List.of(args));
    all.addAll(List.of("-n", namespace));
    var result = cluster.kubectl(all.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.toString()).isZero();
    return result.output();
  }

  private Deployment deployment(String image) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName("web")
        .endMetadata()
        .withNewSpec()
        .withReplicas(2)
        .withProgressDeadlineSeconds(NO_DEADLINE)
        .withNewSelector()
        .addToMatchLabels("app", "web")
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .addToLabels("app", "web")
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("web")
        .withImage(image)
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private static Deployment with137(Deployment deployment) {
    return withImage(deployment, "busybox:1.37");
  }

  private static Deployment withDeadline(Deployment deployment, int seconds) {
    return new DeploymentBuilder(deployment)
        .editSpec()
        .withProgressDeadlineSeconds(seconds)
        .endSpec()
        .build();
  }

  private static Deployment withImage(Deployment deployment, String image) {
    return new DeploymentBuilder(deployment)
        .editSpec()
        .editTemplate()
        .editSpec()
        .editFirstContainer()
        .withImage(image)
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private static boolean isObserved(Deployment deployment) {
    return deployment.getStatus() != null
        && Objects.equals(
            deployment.getStatus().getObservedGeneration(),
            deployment.getMetadata().getGeneration());
  }

  private static boolean isComplete(Deployment deployment) {
    int wanted = deployment.getSpec().getReplicas();
    var status = deployment.getStatus();
    return isObserved(deployment)
        && Objects.requireNonNullElse(status.getReplicas(), 0) == wanted
        && Objects.requireNonNullElse(status.getUpdatedReplicas(), 0) == wanted
        && Objects.requireNonNullElse(status.getAvailableReplicas(), 0) == wanted;
  }

  private static boolean hasReason(Deployment deployment, String reason) {
    return deployment.getStatus() != null
        && deployment.getStatus().getConditions().stream()
            .anyMatch(condition -> reason.equals(condition.getReason()));
  }
}
