package dev.slipway.hooks.manifests;

import static dev.slipway.hooks.TestConfig.config;
import static dev.slipway.hooks.TestRepository.file;
import static dev.slipway.hooks.TestRepository.link;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.slipway.crd.gitd.ManifestSettings;
import dev.slipway.crd.gitd.Place;
import dev.slipway.crd.gitd.Workload;
import dev.slipway.hooks.TestRepository;
import dev.slipway.hooks.TestRepository.TestFile;
import dev.slipway.hooks.commit.CommitTree;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.revwalk.RevWalk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is made of the manifests of a commit: each folder holds a commit and, in {@code out.yaml},
 * what becomes of it. {@code -Dslipway.golden.write=true} writes the latter anew.
 */
class ManifestReaderTest {
  private static final Path FILES = Path.of("src/test/resources/golden/manifests");
  private static final Map<String, KindView.Kind> KINDS =
      Map.of(
          "v1 ConfigMap", new KindView.Kind("configmaps", true),
          "v1 Service", new KindView.Kind("services", true),
          "v1 ServiceAccount", new KindView.Kind("serviceaccounts", true),
          "v1 Pod", new KindView.Kind("pods", true),
          "apps/v1 Deployment", new KindView.Kind("deployments", true),
          "batch/v1 CronJob", new KindView.Kind("cronjobs", true),
          "networking.k8s.io/v1 Ingress", new KindView.Kind("ingresses", true),
          "rbac.authorization.k8s.io/v1 ClusterRole", new KindView.Kind("clusterroles", false));

  private final TestRepository git = new TestRepository();

  @AfterEach
  void close() {
    git.close();
  }

  static List<String> cases() throws IOException {
    try (Stream<Path> cases = Files.list(FILES)) {
      return cases.map(it -> it.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readsAndConvertsAndOrders(String name) throws Exception {
    Map<String, TestFile> files = new HashMap<>();
    Path in = FILES.resolve(name).resolve("in");
    try (Stream<Path> paths = Files.walk(in)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(in.relativize(path).toString(), file(Files.readString(path)));
      }
    }
    ManifestSet set =
        read(files, "{\"replicas\": 2, \"debug\": false, \"motto\": \"one, two={three}\"}");

    Path out = FILES.resolve(name).resolve("out.yaml");
    String text = Serialization.asYaml(shown(withImages(set)));
    if (Boolean.getBoolean("slipway.golden.write")) {
      Files.writeString(out, text);
    }
    assertThat(text).isEqualTo(Files.readString(out));
  }

  @Test
  void followsNoLinks() throws Exception {
    ManifestSet plain = read(Map.of("k8s/a.yaml", link("/etc/passwd")), "{}");
    ManifestSet chart =
        read(
            Map.of(
                "k8s/Chart.yaml", file("apiVersion: v2\nname: a\nversion: 0.1.0\n"),
                "k8s/templates/a.yaml", link("/etc/passwd")),
            "{}");

    assertThat(plain.problems())
        .containsExactly(
            "k8s/a.yaml: is a symbolic link or a submodule, which is not followed among manifests.");
    assertThat(chart.problems())
        .containsExactly(
            "k8s/templates/a.yaml: a chart must not hold symbolic links or submodules.");
  }

  @Test
  void stopsWhereNobodyWouldReadOn() throws Exception {
    ManifestSet set = read(Map.of("k8s/a.yaml", file("a: 1\n---\n".repeat(200))), "{}");

    assertThat(set.problems())
        .hasSize(51)
        .last()
        .isEqualTo("There is more in the way; these are the first 50.");
  }

  @Test
  void asksTheClusterForNothingThatIsNoKind() throws Exception {
    String evil = "apiVersion: ../../api/v1\nkind: ConfigMap\nmetadata: {name: a}\n";
    String path = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a/../b}\n";

    assertThat(read(Map.of("k8s/a.yaml", file(evil), "k8s/b.yaml", file(path)), "{}").problems())
        .containsExactly(
            "k8s/a.yaml: is no manifest, it has no valid apiVersion and kind.",
            "k8s/b.yaml: ConfigMap a/../b: has no valid metadata.name.");
  }

  @Test
  void refusesTooManyObjects() throws Exception {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i <= 1000; i++) {
      many.append("---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: a%d}}\n".formatted(i));
    }

    assertThat(read(Map.of("k8s/a.yaml", file(many.toString())), "{}").problems())
        .containsExactly(
            "k8s/a.yaml, document 1001: ConfigMap a1000: is one more than the 1000 objects that a"
                + " push may apply.");
  }

  @Test
  void namesWhatIsNoDirectory() throws Exception {
    assertThat(read(Map.of("README.md", file("")), "{}").problems())
        .containsExactly(
            "spec.manifests.path, \"k8s\", is no directory of this commit; add it or correct the"
                + " Remote.");
  }

  private ManifestSet read(Map<String, TestFile> files, String values)
      throws IOException, InterruptedException {
    try (RevWalk walk = new RevWalk(git.repository())) {
      var tree =
          new CommitTree(walk.getObjectReader(), walk.parseCommit(git.commit(files)).getTree());
      var settings =
          new ManifestSettings(
              "k8s", "shop.v1", new ObjectMapper().readTree(values), "deployer", false, false);
      return ManifestReader.read(
          config(),
          settings,
          tree,
          (version, kind) -> Optional.ofNullable(KINDS.get(version + " " + kind)));
    }
  }

  private static ManifestSet withImages(ManifestSet set) {
    Workload web = Workload.deployment("web");
    return set.with(
        Map.of(new Place(web, "web"), "registry.example/web:1", new Place(web, "migrate"), "m:1"),
        Map.of("gitkube.sh/commit", "7608ddb"),
        Optional.of("pull"));
  }

  private static JsonNode shown(ManifestSet set) {
    Map<String, JsonNode> manifests = new LinkedHashMap<>();
    set.manifests()
        .keySet()
        .forEach(it -> manifests.put(it.where() + ": " + it.title(), it.object()));
    var shown = JsonNodeFactory.instance.objectNode();
    ObjectMapper mapper = new ObjectMapper();
    shown.set("manifests", mapper.valueToTree(manifests));
    shown.set("notes", mapper.valueToTree(set.notes()));
    shown.set("problems", mapper.valueToTree(set.problems()));
    return shown;
  }
}
