package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** {@code make e2e} as a test, on an embedded cluster that has nothing but Slipway's images. */
@Order(2)
@EnabledIfSystemProperty(
    named = "user.name",
    matches = "root",
    disabledReason = "the embedded cluster needs root")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class E2eIT {
  private Path files;
  private Installation bare;
  private Path programs;

  @BeforeAll
  void start() throws IOException, InterruptedException {
    files = Files.createTempDirectory("slipway-e2e");
    bare = Installation.bare(files);
    programs = ServiceForward.kubectlIn(files.resolve("bin"));
  }

  @AfterAll
  void stop() throws IOException {
    bare.close();
    StateDirectory.remove(files);
  }

  @Test
  void everyStepHappensAndEverythingIsTakenAway() throws IOException, InterruptedException {
    Stage.Result played =
        e2e(
            Reach.PORT_FORWARD,
            "--registry=" + bare.registryForPods() + "/e2e",
            "--pull-registry=" + bare.registry() + "/e2e",
            "--insecure",
            "--bench=1",
            "--builder-image=mirror.example/kaniko:1");

    assertThat(played.exitCode()).as(played.text()).isZero();
    assertThat(played.text())
        .contains(
            "Every step has happened, in ",
            "api | unchanged since ",
            "helm test slipway -n slipway-system",
            "--set=images.builder=mirror.example/kaniko:1",
            "pod slipway-controller-test failed",
            "| whole push | ",
            "a push in gitd, build: ",
            "release \"slipway\" uninstalled");
    nothingIsLeft();
  }

  @Test
  void whatFailsIsWrittenDownAndTakenAway() throws IOException, InterruptedException {
    Stage.Result played = e2e(Reach.NODE_PORT, "--registry=127.0.0.1:1/down");

    assertThat(played.exitCode()).as(played.text()).isEqualTo(1);
    assertThat(played.text()).contains(" !     This did not happen: the command succeeds");
    try (Stream<Path> found = Files.walk(files.resolve("findings"))) {
      List<Path> written = found.filter(Files::isRegularFile).toList();
      assertThat(written)
          .anySatisfy(file -> assertThat(file).content().contains("\"outcome\":\"rejected\""))
          .anySatisfy(file -> assertThat(file).content().contains("kind: Deployment"))
          .anySatisfy(file -> assertThat(file).content().contains("PushRejected"));
    }
    nothingIsLeft();
  }

  /** The kind would be deleted with every Remote, and until then its Remotes would be served. */
  @Test
  void aClusterWithRemotesOfItsOwnIsLeftAlone() throws IOException, InterruptedException {
    String crd = SharedSlipway.HOME.resolve("crd/remote.yaml").toString();
    assertThat(bare.cluster().kubectl().run("create", "-f", crd).exitCode()).isZero();
    try {
      Stage.Result played = e2e(Reach.NODE_PORT, "--registry=" + bare.registry() + "/e2e");

      assertThat(played.exitCode()).as(played.text()).isEqualTo(1);
      assertThat(played.text())
          .contains("This cluster has a customresourcedefinition remotes.gitkube.sh already");
      assertThat(bare.cluster().kubectl().run("get", "crd", "-o", "name").output())
          .contains("remotes.gitkube.sh");
    } finally {
      bare.cluster().kubectl().run("delete", "-f", crd);
    }
  }

  private void nothingIsLeft() {
    assertThat(bare.cluster().kubectl().run("get", "namespaces", "-o", "name").output())
        .doesNotContain("slipway", "guestbook");
    assertThat(bare.cluster().kubectl().run("get", "crd", "-o", "name").output()).isEmpty();
  }

  private Stage.Result e2e(Reach reach, String... options)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                E2eMain.class.getName(),
                "--home=../..",
                "--reach=" + reach,
                "--controller-image=slipway/controller",
                "--gitd-image=slipway/gitd",
                "--findings=" + files.resolve("findings")));
    command.addAll(List.of(options));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", bare.cluster().kubeconfig().toString());
    builder.environment().merge("PATH", programs.toString(), (path, first) -> first + ":" + path);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Stage.Result(process.waitFor(), text);
  }
}
