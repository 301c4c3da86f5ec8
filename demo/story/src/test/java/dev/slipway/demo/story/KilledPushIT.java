package dev.slipway.demo.story;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code kill -9} of whatever takes part in a push, at each of its steps: nothing is left behind,
 * the repository is sound, and pushing the same commit again deploys it.
 */
@Order(1)
class KilledPushIT extends RefusedPush {
  private static final Duration SOON = Duration.ofMinutes(2);

  private static final String KILLED = "`kill -9` of gitd";
  private static final String SOUND =
      "no Job, no token; `git fsck` passes; the same commit deploys";

  KilledPushIT() {
    super("killed-push");
  }

  @Fault(
      during = During.SENDING,
      what = KILLED,
      leaves = "nothing stored; `git fsck` passes; the same commit deploys")
  @Test
  void gitdDiesWhileItReceives() throws Exception {
    write("Killed at receiving");
    checkout.write("noise", noise()).commit("Killed at receiving");
    String before = checkout.remote("refs/heads/master");
    Process ssh = playground.receivePack();
    try {
      sendHalf(before, ssh.getOutputStream());
      await()
          .dontCatchUncaughtExceptions()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(incoming()).anyMatch(file -> file.length() > 0));

      playground.kill().gitd();

      assertThat(ssh.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      ssh.destroyForcibly();
    }
    nothingIsLeft();
    assertThat(incoming()).isEmpty();
    assertThat(checkout.remote("refs/heads/master")).isEqualTo(before);
    theRepositoryIsSound();
    theSamePushDeploys("Killed at receiving");
  }

  /** What does not get small in a pack. */
  private static String noise() {
    return new Random(1)
        .ints(500_000, ' ', '~')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private void sendHalf(String before, OutputStream to) throws IOException {
    String command = "%s %s refs/heads/master\0report-status".formatted(before, checkout.head());
    byte[] pack = checkout.pack();
    to.write("%04x%s0000".formatted(command.length() + 4, command).getBytes(UTF_8));
    to.write(pack, 0, pack.length / 2);
    to.flush();
  }

  /** The objects of pushes that are not accepted yet, on the node's disk. */
  private List<File> incoming() throws IOException {
    Path folder = playground.witness().repository().resolve("incoming");
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(Path::toFile).filter(File::isFile).toList();
    }
  }

  @Fault(during = During.BUILDING, what = KILLED, leaves = SOUND)
  @Test
  void gitdDiesWhileItBuilds() {
    killGitdAt("Step: RUN");
  }

  @Fault(during = During.DEPLOYING, what = KILLED, leaves = SOUND)
  @Test
  void gitdDiesWhileItDeploys() {
    killGitdAt("0 of 1 new replicas ready");
  }

  @Fault(during = During.ACCEPTING, what = KILLED, leaves = SOUND)
  @Test
  void gitdDiesWhenItHasDeployed() {
    killGitdAt("=====> Deployed ");
  }

  /** What {@code make test-long} runs besides. */
  @Tag("long")
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"-----> Building 1 image", "pushed ", "-----> Deploying"})
  void gitdDiesAtAnyOtherStep(String step) {
    killGitdAt(step);
  }

  private void killGitdAt(String step) {
    killGitdAt(step, playground.kill()::gitd);
  }

  private void killGitdAt(String step, Runnable kill) {
    String greeting = "Killed at " + step;
    write(greeting);
    String before = checkout.remote("refs/heads/master");
    String head = checkout.commit(greeting);

    Stage.Result push = checkout.push(once(step, kill));

    assertThat(push.text()).contains(step);
    nothingIsLeft();
    // Whether the branch had moved when gitd died after the last step is chance.
    assertThat(checkout.remote("refs/heads/master"))
        .as(push.text())
        .isIn(before, step.contains("Deployed") ? head : before);
    theRepositoryIsSound();
    theSamePushDeploys(greeting);
  }

  @Tag("long")
  @Test
  void gitdDiesWhileItChecksManifests(SharedSlipway shared) {
    playground.allowManifests();
    playground.patch(
        "{\"spec\": {\"manifests\": {\"path\": \"k8s\", \"serviceAccountName\": \"deployer\"}}}");
    checkout.write(
        "k8s/config.yaml",
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: killed}
        data: {by: test}
        """);
    try (var check =
        shared
            .installation()
            .cluster()
            .faults()
            .on("patch", "configmaps")
            .named("killed")
            .times(1)
            .hang()) {
      killGitdAt(
          "-----> Checking 1 manifest",
          () -> {
            await().dontCatchUncaughtExceptions().atMost(SOON).until(() -> check.hits() > 0);
            playground.kill().gitd();
          });
    } finally {
      playground.patch("{\"spec\": {\"manifests\": null}}");
    }
    assertThat(playground.value("configmap", "killed", "{.data.by}")).isEqualTo("test");
  }

  @Tag("long")
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"BeforeBuild", "BeforeDeploy", "AfterDeploy"})
  void gitdDiesWhileAHookRuns(String when) {
    playground.patch(
        """
        {"spec": {"hooks": [{"name": "slow", "when": "%s", "image": "busybox:stable",
                             "command": ["sh", "-c", "echo began; sleep 3"]}]}}\
        """
            .formatted(when));
    try {
      killGitdAt("slow | began");
    } finally {
      playground.patch("{\"spec\": {\"hooks\": null}}");
    }
  }

  /** The bad release stays half taken back, until a push of any commit. */
  @Tag("long")
  @Test
  void gitdDiesWhileItPutsBack() {
    String before = checkout.remote("refs/heads/master");
    checkout.write("Dockerfile", DOCKERFILE + "CMD [\"false\"]\n").commit("Killed at putting back");

    Stage.Result push = checkout.push(once("-----> Putting back", playground.kill()::gitd));

    assertThat(push.exitCode()).as(push.text()).isNotZero();
    assertThat(push.text()).contains("-----> Putting back");
    nothingIsLeft();
    assertThat(checkout.remote("refs/heads/master")).isEqualTo(before);
    theRepositoryIsSound();
    checkout.write("Dockerfile", DOCKERFILE).write("page/index.html", "Settled").commit("Settles");
    theSamePushDeploys("Settled");
  }

  private void nothingIsLeft() {
    playground.awaitGitd();
    // Its Deployment may not have heard of the end of the former one.
    await()
        .dontCatchUncaughtExceptions()
        .atMost(SOON)
        .until(() -> checkout.git("ls-remote", "dev").exitCode() == 0);
    await()
        .dontCatchUncaughtExceptions()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(playground.witness().leftovers()).isEmpty());
  }

  @Fault(
      during = During.BUILDING,
      what = "`kill -9` of the builder",
      leaves = "rejected with exit code 137; nothing deployed; the same commit deploys")
  @Test
  void theBuildDies() {
    write("Killed build");
    killBuildAt("Step: RUN", "Killed build", this::killBuilder);
  }

  /** What takes long to hand over, and takes little room in packs and images. */
  @Tag("long")
  @Test
  void theBuildDiesWhileItFetchesItsContext() {
    write("Killed fetch");
    checkout.write("page/zeros", "0".repeat(128 << 20));

    killBuildAt(
        "-----> Building 1 image",
        "Killed fetch",
        () -> playground.kill().asSoonAsItRuns("app.kubernetes.io/name=build", "fetch-context"));
    checkout.delete("page/zeros");
  }

  /** What takes long to push. */
  @Tag("long")
  @Test
  void theBuildDiesWhileItPushes() {
    checkout
        .write(
            "Dockerfile",
            DOCKERFILE.replace("COPY", "RUN head -c 150000000 /dev/urandom > /noise\nCOPY"))
        .write("page/index.html", "Killed at pushing");

    killBuildAt(
        "Step: CMD",
        "Killed at pushing",
        () -> {
          await()
              .dontCatchUncaughtExceptions()
              .atMost(SOON)
              .until(() -> playground.witness().buildLog().contains("Pushing image to"));
          killBuilder();
        });
  }

  private void killBuilder() {
    playground.kill().container(playground.namespace(), "app.kubernetes.io/name=build", "kaniko");
  }

  private void killBuildAt(String step, String greeting, Runnable kill) {
    checkout.commit(greeting);
    String before = playground.witness().state();

    Stage.Result push = checkout.push(once(step, kill));

    assertThat(push.exitCode()).as(push.text()).isNotZero();
    assertThat(push.text()).contains(" !     Push rejected: ", "137");
    playground.witness().awaitState(before);
    // The Job stays for a while, for whoever wants to look at it.
    assertThat(playground.witness().leftovers()).noneMatch(it -> it.startsWith("token "));
    theSamePushDeploys(greeting);
  }

  @Fault(during = During.BUILDING, what = "`kill -9` of the controller", leaves = "deploys")
  @Test
  void theControllerDiesAndThePushDoesNotNotice() {
    write("Killed controller");
    checkout.commit("Killed controller");

    Stage.Result push =
        checkout.push(
            once(
                "-----> Building 1 image",
                () ->
                    playground
                        .kill()
                        .container(
                            "slipway-system", "app.kubernetes.io/name=controller", "controller")));

    assertThat(push.exitCode()).as(push.text()).isZero();
    assertThat(push.text()).contains("=====> Deployed ");
    playground.witness().awaitPage("Killed controller");
  }

  /** A step of two seconds leaves time to be killed in. */
  private void write(String greeting) {
    checkout
        .write("Dockerfile", DOCKERFILE.replace("COPY", "RUN sleep 2\nCOPY"))
        .write("page/index.html", greeting);
  }

  static Consumer<String> once(String step, Runnable action) {
    var done = new AtomicBoolean();
    return line -> {
      if (line.contains(step) && done.compareAndSet(false, true)) {
        action.run();
      }
    };
  }

  private void theRepositoryIsSound() {
    Stage.Result fsck =
        checkout.git(
            "-c",
            "safe.directory=*",
            "--git-dir=" + playground.witness().repository(),
            "fsck",
            "--full",
            "--strict");
    assertThat(fsck.exitCode()).as(fsck.text()).isZero();
  }

  private void theSamePushDeploys(String greeting) {
    Stage.Result again = checkout.git("push", "dev", "master");
    assertThat(again.exitCode()).as(again.text()).isZero();
    assertThat(checkout.remote("refs/heads/master")).isEqualTo(checkout.head());
    playground.witness().awaitPage(greeting);
  }
}
