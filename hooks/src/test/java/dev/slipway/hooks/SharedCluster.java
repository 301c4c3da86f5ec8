package dev.slipway.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.Remote;
import dev.slipway.demo.cluster.EmbeddedCluster;
import dev.slipway.hooks.kube.Labels;
import dev.slipway.hooks.kube.LeanClient;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One embedded API with its controllers and Remotes, for all test classes of a run, and a kubelet
 * that only plays: how a build goes, the message of its commit says, and a hook, its command.
 */
final class SharedCluster implements AutoCloseable {
  /** Who plays what begins with it is not the kubelet but the test. */
  static final String RECORDED = "recorded";

  private final EmbeddedCluster cluster = EmbeddedCluster.startTemporary(List.of());
  private final KubernetesClient client =
      LeanClient.builder().withConfig(cluster.client().getConfiguration()).build();
  private final Map<String, String> messages = new ConcurrentHashMap<>();
  private static final Instant LOGS_BEGIN = Instant.parse("2026-11-21T08:00:00.000000001Z");

  private static final Pattern DIGEST = Pattern.compile("sha256:([0-9a-f]{64})");

  private final Set<String> held = ConcurrentHashMap.newKeySet();
  private final Map<String, String> webDuring = new ConcurrentHashMap<>();
  private final FakeKubelet kubelet = new FakeKubelet(cluster.client(), this::play);

  private SharedCluster() {
    try {
      cluster.serveLogs(
          FakeKubelet.NODE,
          (request, to) -> {
            Instant at = LOGS_BEGIN;
            for (String line : kubelet.log(request.podUid())) {
              if (!at.isBefore(request.since().orElse(LOGS_BEGIN))) {
                String stamp = request.timestamps() ? at + " " : "";
                to.write((stamp + line + "\n").getBytes(StandardCharsets.UTF_8));
              }
              at = line.endsWith("=") ? at : at.plusMillis(100);
            }
            to.flush();
          });
      cluster
          .client()
          .load(Files.newInputStream(Path.of("../crd/remote.yaml")))
          .items()
          .forEach(item -> cluster.client().resource(item).create());
      PipelineOnCluster.await()
          .ignoreExceptions()
          .untilAsserted(
              () ->
                  assertThat(client.resources(Remote.class).inNamespace("default").list())
                      .isNotNull());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it for the class that needs it first, and gives it to all the others. */
  static final class Access implements BeforeAllCallback {
    private volatile @Nullable SharedCluster shared;

    @Override
    public void beforeAll(ExtensionContext context) {
      shared =
          context
              .getRoot()
              .getStore(ExtensionContext.Namespace.create(SharedCluster.class))
              .computeIfAbsent(
                  SharedCluster.class, key -> new SharedCluster(), SharedCluster.class);
    }

    SharedCluster get() {
      SharedCluster started = shared;
      if (started == null) {
        throw new IllegalStateException("The cluster runs only while tests do");
      }
      return started;
    }
  }

  /** As gitd makes its own. */
  KubernetesClient client() {
    return client;
  }

  EmbeddedCluster embedded() {
    return cluster;
  }

  /**
   * Plays the builds of a commit as its message says: {@code failing}, {@code held} until it is let
   * go, with an image that is {@code bad}, or {@code bad} only for what follows, {@code chatty}
   * with two hundred lines, not at all when the test plays them as {@code recorded}, else well;
   * with the image that the message names, if it names one by its digest.
   */
  void play(String commit, String message) {
    messages.put(commit, message);
    if (message.startsWith("held")) {
      held.add(commit);
    }
  }

  /** Lets the builds of a commit end. */
  void letGo(String commit) {
    held.remove(commit);
    kubelet.lookAgain();
  }

  /** Which image deployment/web of a namespace had when a hook began. */
  @Nullable String webDuring(String namespace, String hook) {
    return webDuring.get(namespace + "/" + hook);
  }

  @Override
  public void close() {
    kubelet.close();
    client.close();
    cluster.close();
  }

  private Optional<FakeKubelet.Run> play(Pod pod) {
    return pod.getMetadata().getLabels().containsKey(Labels.HOOK) ? hook(pod) : build(pod);
  }

  /** A command is played: {@code exit 3}, {@code sleep}, {@code recorded}, or a line to print. */
  private Optional<FakeKubelet.Run> hook(Pod pod) {
    String namespace = pod.getMetadata().getNamespace();
    String name = pod.getMetadata().getLabels().get("app.kubernetes.io/component");
    webDuring.computeIfAbsent(namespace + "/" + name, first -> webImage(namespace));
    List<String> command = pod.getSpec().getContainers().getFirst().getCommand();
    if (command.contains(RECORDED)) {
      return Optional.empty();
    }
    int exitCode =
        command.stream()
            .filter(it -> it.startsWith("exit "))
            .map(it -> Integer.parseInt(it.substring("exit ".length())))
            .findFirst()
            .orElse(0);
    return Optional.of(
        new FakeKubelet.Run(
            command.stream().filter(it -> !it.startsWith("exit ")).toList(),
            exitCode,
            "",
            command.contains("sleep")));
  }

  private String webImage(String namespace) {
    return cluster
        .client()
        .apps()
        .deployments()
        .inNamespace(namespace)
        .withName("web")
        .get()
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .getImage();
  }

  private Optional<FakeKubelet.Run> build(Pod pod) {
    String destination =
        pod.getSpec().getContainers().getFirst().getArgs().stream()
            .filter(arg -> arg.startsWith("--destination="))
            .findFirst()
            .orElseThrow();
    String commit = destination.substring(destination.lastIndexOf(':') + 1);
    String message = messages.getOrDefault(commit, "good");
    if (message.startsWith(RECORDED)) {
      return Optional.empty();
    }
    String step = "{\"level\":\"info\",\"msg\":\"RUN make\",\"time\":\"2026-11-21T08:00:00Z\"}";
    if (message.startsWith("failing")) {
      return Optional.of(
          new FakeKubelet.Run(
              List.of(
                  step,
                  "oh no: missing header",
                  "error building image: error building stage: failed to execute command: waiting"
                      + " for process to exit: exit status 3",
                  "{}"),
              3,
              "",
              /* held= */ false));
    }
    boolean bad =
        message.equals("bad image")
            || (message.startsWith("bad ")
                && destination.contains(message.substring("bad ".length())));
    Matcher named = DIGEST.matcher(message);
    // Behind a zero, as a commit may begin with "bad" itself.
    String digest =
        named.find()
            ? named.group(1)
            : (bad ? "bad".repeat(22) : "0" + commit + commit).substring(0, 64);
    List<String> log = new ArrayList<>(List.of(step));
    for (int i = 0; message.equals("chatty") && i < 200; i++) {
      // One that ends so has the time of the next.
      log.add("line %03d %s%s".formatted(i, "x".repeat(50), i % 3 == 0 ? "=" : ""));
    }
    return Optional.of(new FakeKubelet.Run(log, 0, "sha256:" + digest, held.contains(commit)));
  }
}
