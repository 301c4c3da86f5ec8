package dev.slipway.controller;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.Remote;
import dev.slipway.crd.RemoteStatus;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.demo.cluster.EmbeddedCluster;
import dev.slipway.demo.cluster.Kubectl;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The installed controller, and a namespace of its own for every test. */
abstract class InstalledController {
  @RegisterExtension
  static final SharedInstallation.Access installation = new SharedInstallation.Access();

  /** How long a test waits for what has to come: a busy machine is no reason to fail. */
  static final Duration SOON = Duration.ofMinutes(2);

  private static final AtomicInteger namespaces = new AtomicInteger();

  static final String ANA =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIAaqKHaN9AQX/rhV8q9TTBz0lWIO7J2hCSi5bYSM+Jo ana";

  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(
          ServiceAccount.class,
          Role.class,
          RoleBinding.class,
          Secret.class,
          PersistentVolumeClaim.class,
          Service.class,
          NetworkPolicy.class,
          Deployment.class);

  String namespace = "";

  @BeforeEach
  void newNamespace() {
    namespace = "it-" + namespaces.incrementAndGet();
    client()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
  }

  /** What the controller's own HTTP server answers to a GET. */
  static HttpResponse<String> ask(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + installation.get().controller().healthPort() + path);
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  static EmbeddedCluster cluster() {
    return installation.get().cluster();
  }

  static KubernetesClient client() {
    return cluster().client();
  }

  /** Runs the real kubectl. */
  static Kubectl.Result kubectl(String... args) {
    return cluster().kubectl().run(args);
  }

  static ConditionFactory eventually() {
    // Awaitility would fail for an exception in any thread, such as one of another test.
    return Awaitility.await().dontCatchUncaughtExceptions().atMost(SOON);
  }

  static void soon(ThrowingRunnable assertion) {
    eventually().pollInterval(Duration.ofMillis(100)).ignoreExceptions().untilAsserted(assertion);
  }

  static void succeeds(Kubectl.Result result) {
    assertThat(result.exitCode()).as(result.output() + result.errors()).isZero();
  }

  static String remote(String name, String keys) {
    return """
        apiVersion: gitkube.sh/v1alpha1
        kind: Remote
        metadata: {name: %s}
        spec:
          authorizedKeys:
          - |
        %s
        """
        .formatted(name, keys.indent(4).stripTrailing());
  }

  static String remote(
      String name, String keys, String secret, String deployment, String container) {
    return remote(name, keys)
        + """
          registry: {url: docker.io/user, credentials: {secretRef: %s}}
          deployments:
          - name: %s
            containers: [{name: %s}]
        """
            .formatted(secret, deployment, container);
  }

  Remote create(String yaml) {
    return client()
        .resource(Serialization.unmarshal(yaml, Remote.class))
        .inNamespace(namespace)
        .create();
  }

  void apply(String manifest) {
    succeeds(cluster().kubectl().runWithInput(manifest, "apply", "-n", namespace, "-f", "-"));
  }

  void edit(String name, String patch) {
    succeeds(kubectl("patch", "remote", name, "-n", namespace, "--type=merge", "-p", patch));
  }

  Remote get(String name) {
    return client().resources(Remote.class).inNamespace(namespace).withName(name).require();
  }

  Condition condition(String remote, String type) {
    RemoteStatus status = get(remote).getStatus();
    assertThat(status).isNotNull();
    return requireNonNull(status.conditions()).stream()
        .filter(it -> it.getType().equals(type))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no condition " + type));
  }

  Secret secret(String name) {
    return client().secrets().inNamespace(namespace).withName(name).require();
  }

  GitdConfig config(String remote) {
    String encoded = secret(remote + "-gitd-config").getData().get(GitdConfig.KEY);
    return Serialization.unmarshal(
        new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8), GitdConfig.class);
  }

  Deployment gitd(String remote) {
    return client()
        .apps()
        .deployments()
        .inNamespace(namespace)
        .withName(remote + "-gitd")
        .require();
  }

  long generation(String deployment) {
    return client()
        .apps()
        .deployments()
        .inNamespace(namespace)
        .withName(deployment)
        .require()
        .getMetadata()
        .getGeneration();
  }

  List<Event> events(String type) {
    return client().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> "Remote".equals(event.getInvolvedObject().getKind()))
        .filter(event -> type.equals(event.getType()))
        .toList();
  }

  List<HasMetadata> managed() {
    return KINDS.stream()
        .<HasMetadata>flatMap(
            kind ->
                client()
                    .resources(kind)
                    .inNamespace(namespace)
                    .withLabel("app.kubernetes.io/managed-by", "slipway")
                    .list()
                    .getItems()
                    .stream())
        .toList();
  }

  List<String> owned(String remote) {
    String uid = get(remote).getMetadata().getUid();
    return managed().stream()
        .filter(
            it ->
                it.getMetadata().getOwnerReferences().stream()
                    .anyMatch(owner -> owner.getUid().equals(uid)))
        .map(it -> it.getKind() + "/" + it.getMetadata().getName())
        .toList();
  }

  Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    for (HasMetadata object : managed()) {
      versions.put(
          object.getKind() + "/" + object.getMetadata().getName(),
          object.getMetadata().getResourceVersion());
    }
    versions.put("Remote/dev", get("dev").getMetadata().getResourceVersion());
    return versions;
  }

  void deployment(String name, String container) {
    client()
        .resource(
            new DeploymentBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withReplicas(0)
                .withNewSelector()
                .addToMatchLabels("app", name)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", name)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName(container)
                .withImage("none")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build())
        .create();
  }

  void registrySecret(String name) {
    client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withType("kubernetes.io/dockerconfigjson")
                .addToStringData(
                    ".dockerconfigjson",
                    "{\"auths\":{\"docker.io\":{\"username\":\"u\",\"password\":\"p\"}}}")
                .build())
        .create();
  }

  /** What a node would do: gitd's pod runs and is ready. */
  void makeGitdAvailable(String remote) {
    soon(
        () -> {
          var pods =
              client()
                  .pods()
                  .inNamespace(namespace)
                  .withLabel("app.kubernetes.io/instance", remote)
                  .list()
                  .getItems();
          assertThat(pods).isNotEmpty();
          pods.forEach(
              pod ->
                  client()
                      .resource(pod)
                      .editStatus(
                          it ->
                              it.edit()
                                  .editOrNewStatus()
                                  .withPhase("Running")
                                  .withConditions()
                                  .addNewCondition()
                                  .withType("Ready")
                                  .withStatus("True")
                                  .withLastTransitionTime("2026-01-01T00:00:00Z")
                                  .endCondition()
                                  .endStatus()
                                  .build()));
        });
  }
}
