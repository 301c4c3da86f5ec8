package dev.slipway.demo.story;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What is refused before anything is launched, and what is stored without being deployed. Nothing
 * repairs anything in between, so one good push after all of them speaks for each.
 */
class RefusedPlanIT extends RefusedPush {
  RefusedPlanIT() {
    super("refused-plan");
  }

  @AfterEach
  @Override
  void forgetTheLastPush() {
    super.forgetTheLastPush();
  }

  @AfterAll
  @Override
  void theNextGoodPushWorks() {
    super.theNextGoodPushWorks();
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
  void aRemoteThatNamesAMissingContainer() {
    playground.with(playground.working().withContainer("wbe"), () -> refused("wbe"));
  }

  /** And once it is there, its value reaches the steps of the build and nobody else. */
  @Test
  void aSecretThatABuildNeedsAndThatIsMissing() {
    String mark = "marked-" + UUID.randomUUID();
    String build =
        """
        path: .
        buildArgs: [{name: TOKEN, valueFrom: {secretKeyRef: {name: marked, key: token}}}]
        buildSecrets: [{id: token, secretKeyRef: {name: marked, key: token}}]\
        """;
    playground.with(
        playground.working().withBuild(build),
        () -> {
          refused("Secret \"marked\"");

          playground.giveBuilds("marked", "token", mark);
          String dockerfile =
              """
              FROM busybox:stable
              ARG TOKEN
              RUN --mount=type=secret,id=token mkdir /srv && cd /srv && \\
                  printf %s "$TOKEN" | sha256sum > index.html && \\
                  sha256sum < /run/secrets/token >> index.html
              CMD ["httpd", "-f", "-p", "8080"]
              """;
          checkout.write("Dockerfile", dockerfile).commit("A build with a secret");
          Stage.Result push = checkout.git("push", "dev", "master");
          assertThat(push.exitCode()).as(push.text()).isZero();
          String line = sha256(mark) + "  -\n";
          assertThat(playground.page()).isEqualTo(line + line);
          assertThat(push.text() + playground.whatCanBeRead())
              .contains("--build-arg=TOKEN=$(BUILD_ARG_0)", "org.opencontainers.image.revision")
              .doesNotContain(mark, Base64.getEncoder().encodeToString(mark.getBytes(UTF_8)));
        });
  }

  private static String sha256(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
