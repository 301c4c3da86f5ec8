package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.demo.cluster.real.RealApi;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * Sees what there is in the namespace of a {@link Playground}, and waits until it is as it should.
 */
record Witness(Playground playground) {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** What must not change when a push is rejected: pod template and page. */
  String state() {
    return web().getSpec().getTemplate() + page();
  }

  /**
   * Waits until the app is again as it was and nothing builds: what serves a Service follows pods,
   * and pods that are deleted end, on their own time.
   */
  void awaitState(String before) {
    await()
        .dontCatchUncaughtExceptions()
        .atMost(Playground.SOON)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              assertThat(state()).isEqualTo(before);
              assertThat(runningBuilds()).isEmpty();
            });
  }

  /** Waits until the app answers this. */
  void awaitPage(String text) {
    await()
        .dontCatchUncaughtExceptions()
        .atMost(Playground.SOON)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(page()).isEqualTo(text));
  }

  private String page() {
    var request = HttpRequest.newBuilder(playground.page()).build();
    try {
      return HTTP.send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** All that anybody sees who may read everything but Secrets, and what gitd is told. */
  String whatCanBeRead() {
    return playground.kubectl(
            "get", "remotes,deployments,replicasets,jobs,pods,configmaps,events", "-o", "yaml")
        + playground.kubectl("logs", "deployment/dev-gitd")
        + playground.kubectlIn("slipway-system", "logs", "deployment/slipway-controller")
        + playground.kubectl(
            "logs", "-l", "app.kubernetes.io/name=build", "--all-containers", "--tail=-1")
        + new String(
            Base64.getDecoder()
                .decode(playground.value("secret", "dev-gitd-config", "{.data.config\\.json}")),
            StandardCharsets.UTF_8);
  }

  /** What the builder says, shown to the pusher or not. */
  String buildLog() {
    return playground.kubectl(
        "logs", "-l", "app.kubernetes.io/name=build", "-c", "kaniko", "--tail=-1");
  }

  /** What a push leaves in the cluster while it builds: Jobs, and tokens for their contexts. */
  List<String> leftovers() {
    var client = playground.client();
    var namespace = playground.namespace();
    var names = new ArrayList<String>();
    for (var job : client.batch().v1().jobs().inNamespace(namespace).list().getItems()) {
      names.add("job " + job.getMetadata().getName());
    }
    Secret tokens = client.secrets().inNamespace(namespace).withName("dev-gitd-tokens").require();
    if (tokens.getData() != null) {
      tokens.getData().keySet().forEach(build -> names.add("token " + build));
    }
    return names;
  }

  /** The repository on the node's disk. */
  Path repository() {
    String claim = playground.value("persistentvolumeclaim", "dev-gitd", "{.metadata.uid}");
    try (Stream<Path> found =
        Files.find(
            playground.files().getParent(),
            12,
            (path, attributes) -> path.endsWith(Path.of(claim, "repository")))) {
      return found.findFirst().orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until every right of an account was needed by some request: what is noted when a push has
   * been answered comes a moment later. A real API server keeps no account of it.
   *
   * @param but rights that no test needs
   */
  void awaitAllRightsNeeded(String of, String account, String... but) {
    if (!RealApi.isWanted()) {
      await()
          .dontCatchUncaughtExceptions()
          .atMost(Playground.SOON)
          .untilAsserted(
              () ->
                  assertThat(playground.installation().cluster().usedRights().unneeded(of, account))
                      .isSubsetOf(but));
    }
  }

  /** The pods of builds that still run. */
  private List<String> runningBuilds() {
    return playground
        .client()
        .pods()
        .inNamespace(playground.namespace())
        .withLabel("app.kubernetes.io/name", "build")
        .withField("status.phase", "Running")
        .list()
        .getItems()
        .stream()
        .map(pod -> pod.getMetadata().getName())
        .toList();
  }

  private Deployment web() {
    return playground
        .client()
        .apps()
        .deployments()
        .inNamespace(playground.namespace())
        .withName("web")
        .require();
  }
}
