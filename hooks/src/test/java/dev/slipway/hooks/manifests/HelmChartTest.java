package dev.slipway.hooks.manifests;

import static dev.slipway.hooks.TestRepository.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.crd.RepositoryPath;
import dev.slipway.crd.gitd.ManifestSettings;
import dev.slipway.hooks.TestRepository;
import dev.slipway.hooks.TestRepository.TestFile;
import dev.slipway.hooks.commit.CommitTree;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jgit.revwalk.RevWalk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a pusher's chart can reach and use up while it is rendered. */
class HelmChartTest {
  private final TestRepository git = new TestRepository();

  @AfterEach
  void close() {
    git.close();
  }

  @Test
  void aSchemaMakesNobodyFetchAnything() throws Exception {
    var requests = new AtomicInteger();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          exchange.sendResponseHeaders(404, -1);
        });
    server.start();
    try {
      String url = "http://127.0.0.1:%d/secret".formatted(server.getAddress().getPort());
      assertThatExceptionOfType(InvalidManifestException.class)
          .isThrownBy(() -> render(Map.of("values.schema.json", "{\"$ref\": \"" + url + "\"}")))
          .withMessage(
              "k8s/values.schema.json: refers to \"%s\", and a chart's schema may refer to itself only; put the definition into it, or remove it.",
              url);
      assertThat(requests).hasValue(0);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aSchemaThatRefersToItselfIsHeld() {
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(
            () ->
                render(
                    Map.of(
                        "values.schema.json",
                        """
                        {"$schema": "http://json-schema.org/draft-07/schema#",
                         "definitions": {"name": {"type": "string"}},
                         "required": ["title"],
                         "properties": {"title": {"$ref": "#/definitions/name"}}}
                        """)))
        .withMessageContaining("title");
  }

  @Test
  void aTemplateThatLoopsEnds() {
    var soon = new HelmProcess.Limits(Duration.ofSeconds(3), 256 << 20, 1 << 20);
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(
            () ->
                render(
                    Map.of(
                        "templates/b.yaml",
                        // A new list each time can be too much memory before it is too long.
                        "{{ $it := until 1000 }}"
                            + "{{ range $it }}".repeat(5)
                            + "{{ end }}".repeat(5)),
                    soon))
        .withMessage(
            "k8s: the chart cannot be rendered: takes longer than 3 s; look for a template that"
                + " loops.");
  }

  @Test
  void aTemplateThatGrowsEnds() {
    var little = new HelmProcess.Limits(Duration.ofMinutes(5), 256 << 20, 1 << 20);
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(
            () ->
                render(Map.of("templates/b.yaml", "{{ range until 2000000000 }}{{ end }}"), little))
        .withMessage(
            "k8s: the chart cannot be rendered: takes more than 256 MiB of memory, or becomes more"
                + " than 1 MiB; look for a template that loops.");
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(
            () -> render(Map.of("templates/b.yaml", "# {{ repeat 2000000 \"long \" }}"), little))
        .withMessageContaining("becomes more than 1 MiB");
  }

  private List<HelmChart.Rendered> render(Map<String, String> more) throws Exception {
    return render(more, new HelmProcess.Limits(Duration.ofMinutes(5), 256 << 20, 1 << 20));
  }

  private List<HelmChart.Rendered> render(Map<String, String> more, HelmProcess.Limits limits)
      throws Exception {
    Map<String, TestFile> files = new HashMap<>();
    files.put("k8s/Chart.yaml", file("apiVersion: v2\nname: shop\nversion: 0.1.0\n"));
    files.put(
        "k8s/templates/a.yaml",
        file("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n"));
    more.forEach((path, text) -> files.put("k8s/" + path, file(text)));
    try (RevWalk walk = new RevWalk(git.repository())) {
      var tree =
          new CommitTree(walk.getObjectReader(), walk.parseCommit(git.commit(files)).getTree());
      var folder = tree.find(RepositoryPath.parse("k8s")).orElseThrow();
      var settings =
          new ManifestSettings(
              "k8s", "shop", new ObjectMapper().createObjectNode(), "deployer", false, false);
      return HelmChart.render(folder, tree.below(folder), tree, settings, "shop", limits);
    }
  }
}
