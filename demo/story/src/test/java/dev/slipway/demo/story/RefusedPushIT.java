package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
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

  @TempDir Path files;
  private Playground playground;
  private Checkout checkout;
  private int pushes;

  @BeforeAll
  void start() throws IOException {
    playground = Playground.start(files);
    playground.deploys("web");
    playground.remote("dev", Playground.remoteYaml("web", "path: ."));
    checkout = playground.checkout("dev");
    goodPushWorks();
  }

  @AfterAll
  void stop() {
    playground.close();
  }

  @BeforeEach
  void workOnWhatRuns() {
    checkout.git("reset", "-q", "--hard", "dev/master");
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
    goodPushWorks();
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
    var empty = playground.emptyCheckout("dev");
    Stage.Result push = empty.git("push", "dev", "master");
    assertThat(push.exitCode()).isNotZero();
    assertThat(push.text()).contains("src refspec master does not match any");
  }

  @Test
  void aShallowClone() {
    var shallow = playground.shallowClone(checkout);
    var before = playground.state();
    shallow.write("page/index.html", "shallow").commit("From a shallow clone");
    Stage.Result push = shallow.git("push", "dev", "HEAD:refs/heads/master", "--force");
    assertThat(push.text()).contains("shallow").contains("git fetch --unshallow");
    assertThat(push.exitCode()).isNotZero();
    assertThat(playground.state()).isEqualTo(before);
    goodPushWorks();
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
        "Dockerfile", DOCKERFILE + "CMD [\"sh\", \"-c\", \"echo cannot find my config; exit 4\"]\n");
    refused("cannot find my config");
  }

  @Test
  void aPathThatLeadsOutOfTheRepository() {
    playground.changed("dev", "path: ../etc", () -> refused("leads out of the repository"));
  }

  @Test
  void anAbsoluteDockerfile() {
    playground.changed(
        "dev", "path: .\n      dockerfile: /etc/passwd", () -> refused("is absolute"));
  }

  @Test
  void aRemoteThatNamesAMissingDeployment() {
    playground.changed("dev", "path: .", "name: wbe", () -> refused("wbe"));
  }

  @Test
  void aRegistryThatIsDown() {
    playground.registry("dev", "127.0.0.1:1/down", () -> refused("127.0.0.1:1"));
  }

  @Test
  void wrongCredentialsForTheRegistry() {
    playground.wrongCredentials("dev", () -> refused("credentials"));
  }

  @Test
  void anImageThatTheNodeMayNotPull() {
    playground.privateRegistry("dev", () -> refused("pull"));
  }

  /** Pushes a new commit of what lies in the checkout, which must be refused with {@code words}. */
  private void refused(String words) {
    var before = playground.state();
    String head = checkout.remote("refs/heads/master");
    checkout.commit("A push that cannot succeed");
    Stage.Result push = checkout.git("push", "dev", "master");
    assertThat(push.exitCode()).as(push.text()).isNotZero();
    assertThat(push.lines())
        .filteredOn(line -> line.contains(" !     Push rejected: "))
        .as(push.text())
        .singleElement();
    assertThat(push.text()).contains(words);
    assertThat(checkout.remote("refs/heads/master")).isEqualTo(head);
    assertThat(playground.state()).isEqualTo(before);
    workOnWhatRuns();
    goodPushWorks();
  }

  private void goodPushWorks() {
    String greeting = "Good push " + ++pushes;
    checkout.write("Dockerfile", DOCKERFILE).write("page/index.html", greeting).commit(greeting);
    Stage.Result push = checkout.git("push", "dev", "master");
    assertThat(push.exitCode()).as(push.text()).isZero();
    assertThat(push.text()).contains("=====> Deployed ");
    assertThat(playground.page("web")).isEqualTo(greeting);
  }
}
