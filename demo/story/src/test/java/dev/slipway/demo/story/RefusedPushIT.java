package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every push that cannot succeed ends in one clear sentence, leaves branch and cluster as they
 * were, and the next good push works. Played on all of Slipway with the real git.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusedPushIT {
  private static final String DOCKERFILE =
      """
      FROM busybox:stable
      COPY page/ /srv/
      CMD ["httpd", "-f", "-p", "8080"]
      """;

  private Playground playground;
  private Checkout checkout;
  private int pushes;

  @BeforeAll
  void start(@TempDir Path files) throws IOException, InterruptedException {
    assumeTrue("root".equals(System.getProperty("user.name")), "the embedded cluster needs root");
    playground = Playground.start(files);
    checkout = playground.checkout();
    theNextGoodPushWorks();
  }

  @AfterAll
  void stop() {
    if (playground != null) {
      playground.close();
    }
  }

  @AfterEach
  void theNextGoodPushWorks() {
    checkout.git("reset", "-q", "--hard", "dev/master");
    String greeting = "Good push " + ++pushes;
    checkout.write("Dockerfile", DOCKERFILE).write("page/index.html", greeting).commit(greeting);
    Stage.Result push = checkout.git("push", "dev", "master");
    assertThat(push.exitCode()).as(push.text()).isZero();
    assertThat(push.text()).contains("=====> Deployed ");
    assertThat(playground.page()).isEqualTo(greeting);
  }

  @Test
  void aPushWithoutADockerfile() {
    checkout.delete("Dockerfile");
    refused("Dockerfile");
  }

  @Test
  void aSymlinkThatLeadsOutOfTheContext() throws IOException {
    checkout.delete("Dockerfile");
    Files.createSymbolicLink(checkout.folder().resolve("Dockerfile"), Path.of("../../etc/passwd"));
    refused("Dockerfile");
  }

  @Test
  void aDeletionOfTheBranchThatDeploys() {
    var before = playground.state();
    String head = checkout.remote("refs/heads/master");
    Stage.Result push = checkout.git("push", "dev", ":master");
    assertThat(push.exitCode()).isNotZero();
    assertThat(push.text()).contains("Push rejected: ").contains("master");
    assertThat(checkout.remote("refs/heads/master")).isEqualTo(head);
    assertThat(playground.state()).isEqualTo(before);
  }

  @Test
  void anotherBranchIsStoredAndNotDeployed() {
    var before = playground.state();
    String commit = checkout.write("page/index.html", "feature").commit("A feature");
    Stage.Result push = checkout.git("push", "dev", "HEAD:refs/heads/feature");
    assertThat(push.exitCode()).as(push.text()).isZero();
    assertThat(push.text()).contains("feature").contains("master");
    assertThat(checkout.remote("refs/heads/feature")).isEqualTo(commit);
    assertThat(playground.state()).isEqualTo(before);
  }

  @Test
  void aTagIsStoredAndNotDeployed() {
    var before = playground.state();
    checkout.git("tag", "v1");
    Stage.Result push = checkout.git("push", "dev", "v1");
    assertThat(push.exitCode()).as(push.text()).isZero();
    assertThat(checkout.remote("refs/tags/v1")).isEqualTo(checkout.head());
    assertThat(playground.state()).isEqualTo(before);
  }

  @Test
  void anEmptyRepositoryHasNothingToPush() {
    var empty = playground.checkout();
    Stage.Result push = empty.git("push", "dev", "master");
    assertThat(push.exitCode()).isNotZero();
    assertThat(push.text()).contains("src refspec master does not match any");
  }

  @Test
  void aShallowClone() {
    var shallow = playground.shallowClone();
    var before = playground.state();
    shallow.write("page/index.html", "shallow").commit("From a shallow clone");
    Stage.Result push = shallow.git("push", "dev", "HEAD:refs/heads/master", "--force");
    assertThat(push.text()).contains("shallow").contains("--unshallow");
    assertThat(push.exitCode()).isNotZero();
    assertThat(playground.state()).isEqualTo(before);
  }

  @Test
  void aFailingRun() {
    checkout.write("Dockerfile", DOCKERFILE + "RUN echo about to fail && exit 3\n");
    refused("exit 3");
  }

  @Test
  void aMissingBaseImage() {
    checkout.write("Dockerfile", "FROM 127.0.0.1:1/nothing/here:1\n");
    refused("127.0.0.1:1/nothing/here:1");
  }

  @Test
  void aCopyOfAMissingFile() {
    checkout.write("Dockerfile", "FROM busybox:stable\nCOPY nowhere.txt /srv/\n");
    refused("nowhere.txt");
  }

  @Test
  void aDockerfileThatIsNone() {
    checkout.write("Dockerfile", "FORM busybox\n");
    refused("Dockerfile");
  }

  @Test
  void anAppThatIsNeverReady() {
    checkout.write("Dockerfile", DOCKERFILE.replace("8080", "9999"));
    refused("deployment/web");
  }

  @Test
  void anAppThatCrashes() {
    checkout.write(
        "Dockerfile",
        DOCKERFILE + "CMD [\"sh\", \"-c\", \"echo cannot find my config; exit 4\"]\n");
    refused("cannot find my config");
  }

  @Test
  void aPathThatLeadsOutOfTheRepository() {
    playground.with(
        playground.working().withBuild("path: ../etc"),
        () -> refused("leads out of the repository"));
  }

  @Test
  void anAbsoluteDockerfile() {
    playground.with(
        playground.working().withBuild("dockerfile: /etc/passwd"), () -> refused("is absolute"));
  }

  @Test
  void aRemoteThatNamesAMissingDeployment() {
    playground.with(playground.working().withDeployment("wbe"), () -> refused("wbe"));
  }

  @Test
  void aRegistryThatIsDown() {
    playground.with(
        playground.working().withRegistry("127.0.0.1:1/down", ""), () -> refused("127.0.0.1:1"));
  }

  @Test
  void wrongCredentialsForTheRegistry() {
    playground.with(
        playground.working().withRegistry(playground.guardedRegistry(), "wrong"),
        () -> refused(playground.guardedRegistry()));
  }

  @Test
  void anImageThatTheNodeMayNotPull() {
    playground.with(
        playground.working().withRegistry(playground.guardedRegistry(), "right"),
        () -> refused("pull"));
  }

  /** Pushes a new commit of what lies in the checkout, which must be refused with {@code words}. */
  private void refused(String... words) {
    String before = playground.state();
    String head = checkout.remote("refs/heads/master");
    checkout.commit("A push that cannot succeed");
    Stage.Result push = checkout.git("push", "dev", "master");
    assertThat(push.exitCode()).as(push.text()).isNotZero();
    assertThat(push.lines())
        .filteredOn(line -> line.contains(" !     Push rejected: "))
        .as(push.text())
        .hasSize(1);
    assertThat(push.text()).contains(words);
    assertThat(checkout.remote("refs/heads/master")).isEqualTo(head);
    assertThat(playground.state()).isEqualTo(before);
    assertThat(playground.runningBuilds()).isEmpty();
  }
}
