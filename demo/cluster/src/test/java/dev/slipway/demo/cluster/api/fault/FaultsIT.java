package dev.slipway.demo.cluster.api.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.slipway.demo.cluster.ClusterExtension;
import dev.slipway.demo.cluster.Kubectl;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every fault of the API, as the real kubectl or an unmodified fabric8 client meets it. */
class FaultsIT {
  @RegisterExtension static final ClusterExtension cluster = ClusterExtension.apiOnly();

  @Test
  void asksToComeAgainLater() {
    create("busy");
    var reads = cluster.faults().on("get", "configmaps").named("busy").times(1);
    try (var fault = reads.tooManyRequests(1)) {
      var result = cluster.kubectl("get", "configmap", "busy", "-v=8");
      assertThat(result.exitCode()).isZero();
      assertThat(result.errors()).contains("Got a Retry-After 1s response for attempt 1");
      assertThat(fault.hits()).isEqualTo(1);
    }
  }

  @Test
  void saysThatTheObjectHasBeenModified() {
    create("contended");
    var label = new String[] {"label", "configmap", "contended", "a=b"};
    try (var fault =
        cluster.faults().on("patch", "configmaps").in("default").named("contended").conflict()) {
      assertThat(cluster.kubectl(label).errors())
          .isEqualTo(
              "Error from server (Conflict): Operation cannot be fulfilled on configmaps"
                  + " \"contended\": the object has been modified; please apply your changes to the"
                  + " latest version and try again\n");
      assertThat(fault.hits()).isEqualTo(1);
    }
    assertThat(cluster.kubectl(label).exitCode()).isZero();
  }

  @Test
  void failsForTheUserThatIsNamedAndNobodyElse() {
    create("flaky");
    cluster.kubectl("create", "serviceaccount", "unlucky");
    cluster.kubectl("create", "role", "reading", "--verb=get", "--resource=configmaps");
    cluster.kubectl(
        "create", "rolebinding", "reading", "--role=reading", "--serviceaccount=default:unlucky");
    var requests = cluster.faults().on("*", "configmaps").by("default", "unlucky");
    try (var client = cluster.clientAs("default", "unlucky")) {
      client.getConfiguration().setRequestRetryBackoffLimit(0);
      var read = client.configMaps().inNamespace("default").withName("flaky");
      try (var fault = requests.serverError()) {
        assertThat(failure(read::get).getMessage()).isEqualTo("etcdserver: request timed out");
        assertThat(exists("flaky")).isTrue();
        assertThat(fault.hits()).isEqualTo(1);
      }
      try (var _ = requests.tooManyRequests(3)) {
        var status = failure(read::get);
        assertThat(status.getMessage()).isEqualTo("storage is (re)initializing");
        assertThat(status.getReason()).isEqualTo("TooManyRequests");
        assertThat(status.getDetails().getRetryAfterSeconds()).isEqualTo(3);
      }
      assertThat(read.get()).isNotNull();
    }
  }

  private static Status failure(ThrowingCallable call) {
    return catchThrowableOfType(KubernetesClientException.class, call).getStatus();
  }

  @Test
  void hangsWithoutCarryingOut() throws Exception {
    Process stuck;
    try (var fault = cluster.faults().on("create", "configmaps").hang()) {
      stuck = cluster.cluster().kubectl().start("create", "configmap", "stuck");
      await().until(() -> fault.hits() == 1);
      assertThat(stuck.isAlive()).isTrue();
    }
    assertThat(stuck.waitFor()).isEqualTo(1);
    assertThat(exists("stuck")).isFalse();
  }

  @Test
  void losesTheAnswerOfWhatItHasCarriedOut() {
    try (var fault = cluster.faults().on("create", "configmaps").loseAnswer()) {
      assertThat(cluster.kubectl("create", "configmap", "done").errors()).contains("EOF");
      assertThat(fault.hits()).isEqualTo(1);
    }
    assertThat(exists("done")).isTrue();
  }

  @Test
  void tellsOfABindingWhoseAnswerWasLost() {
    var client = cluster.client();
    client
        .resource(new NodeBuilder().withNewMetadata().withName("node").endMetadata().build())
        .create();
    var bindings = cluster.faults().on("create", "pods/binding").in("default").times(1);
    try (var fault = bindings.loseAnswer()) {
      assertThat(cluster.kubectl("run", "bound", "--image=busybox").exitCode()).isZero();
      await()
          .untilAsserted(
              () ->
                  assertThat(client.v1().events().inNamespace("default").list().getItems())
                      .extracting(Event::getReason)
                      .contains("Scheduled"));
      assertThat(fault.hits()).isEqualTo(1);
    }
  }

  @Test
  void dropsOpenWatchesWhichClientsResume() {
    try (var informer = informer("after-the-drop")) {
      await().until(watches("after-the-drop")::drop, dropped -> dropped == 1);
      create("after-the-drop");
      awaitOne(informer);
    }
  }

  @Test
  void tellsAResumingWatchThatItsHistoryIsGone() {
    try (var informer = informer("after-the-gap")) {
      try (var fault = watches("after-the-gap").times(1).expired()) {
        await().until(watches("after-the-gap")::drop, dropped -> dropped == 1);
        create("after-the-gap");
        awaitOne(informer);
        assertThat(fault.hits()).isEqualTo(1);
      }
    }
  }

  @Test
  void delaysTheEventsOfOpenWatches() {
    try (var informer = informer("late")) {
      try (var fault = watches("late").delay(Duration.ofHours(1))) {
        create("late");
        await().until(() -> fault.hits() == 1);
        assertThat(informer.getStore().list()).isEmpty();
      }
      awaitOne(informer);
    }
  }

  @Test
  void restartsWithItsObjectsTokensAndHistory() {
    create("before");
    try (var informer = informer("after")) {
      try (var _ = cluster.faults().apiDown()) {
        assertThat(cluster.kubectl("get", "configmaps").errors()).contains("was refused");
      }
      assertThat(exists("before")).isTrue();
      cluster.faults().restartApi();
      assertThat(exists("before")).isTrue();
      create("after");
      awaitOne(informer);
    }
  }

  @Test
  void restartsWhileProcessesAreStarted() throws Exception {
    create("kept");
    var started = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var starting =
          threads.submit(
              () -> {
                while (!Thread.currentThread().isInterrupted()) {
                  new ProcessBuilder("true").start().waitFor();
                  started.incrementAndGet();
                }
                return null;
              });
      try {
        for (int i = 0; i < 20; i++) {
          int before = started.get();
          cluster.faults().restartApi();
          await().until(() -> started.get() > before);
        }
      } finally {
        starting.cancel(true);
      }
    }
    assertThat(exists("kept")).isTrue();
  }

  private static Requests watches(String name) {
    return cluster.faults().on("watch", "configmaps").in("default").named(name);
  }

  private static SharedIndexInformer<ConfigMap> informer(String name) {
    return cluster.client().configMaps().withName(name).inform();
  }

  private static void awaitOne(SharedIndexInformer<ConfigMap> informer) {
    await().until(() -> informer.getStore().list().size() == 1);
  }

  private static void create(String name) {
    var object =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .withData(Map.of("a", "b"))
            .build();
    cluster.client().configMaps().inNamespace("default").resource(object).create();
  }

  private static boolean exists(String name) {
    Kubectl.Result result = cluster.kubectl("get", "configmap", name);
    return result.exitCode() == 0;
  }
}
