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

  /** Stored, and not refused; in a pod, where the locale is what the pod gives it. */
  @Test
  void aBranchThatIsNotAsciiIsJustStored() {
    String head = checkout.commit("Größer");
    Stage.Result push = checkout.git("push", "dev", "master:größe");
    assertThat(push.exitCode()).as(push.text()).isZero();
    assertThat(push.text()).contains("is stored, not deployed");
    assertThat(checkout.remote("refs/heads/größe")).isEqualTo(head);
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
    var before = playground.witness().state();
    String head = checkout.remote("refs/heads/master");
    Stage.Result push = checkout.git("push", "dev", ":master");
    assertThat(push.exitCode()).isNotZero();
    assertThat(push.text()).contains("Push rejected: ").contains("master");
    assertThat(checkout.remote("refs/heads/master")).isEqualTo(head);
    playground.witness().awaitState(before);
  }

  @Test
  void anotherBranchIsStoredAndNotDeployed() {
    var before = playground.witness().state();
    String commit = checkout.write("page/index.html", "feature").commit("A feature");
    Stage.Result push = checkout.git("push", "dev", "HEAD:refs/heads/feature");
    assertThat(push.exitCode()).as(push.text()).isZero();
    assertThat(push.text()).contains("feature").contains("master");
    assertThat(checkout.remote("refs/heads/feature")).isEqualTo(commit);
    playground.witness().awaitState(before);
  }

  @Test
  void aTagIsStoredAndNotDeployed() {
    var before = playground.witness().state();
    checkout.git("tag", "v1");
    Stage.Result push = checkout.git("push", "dev", "v1");
    assertThat(push.exitCode()).as(push.text()).isZero();
    assertThat(checkout.remote("refs/tags/v1")).isEqualTo(checkout.head());
    playground.witness().awaitState(before);
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
    var before = playground.witness().state();
    shallow.write("page/index.html", "shallow").commit("From a shallow clone");
    Stage.Result push = shallow.git("push", "dev", "HEAD:refs/heads/master", "--force");
    assertThat(push.text()).contains("shallow").contains("--unshallow");
    assertThat(push.exitCode()).isNotZero();
    playground.witness().awaitState(before);
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
          assertThat(refused("2 things are in the way").text())
              .contains("buildArgs[0].valueFrom", "buildSecrets[0]", "Secret \"marked\"");

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
          playground.witness().awaitPage(line + line);
          assertThat(push.text() + playground.witness().whatCanBeRead())
              .contains("--build-arg=TOKEN=$(BUILD_ARG_0)", "org.opencontainers.image.revision")
              .doesNotContain(mark, Base64.getEncoder().encodeToString(mark.getBytes(UTF_8)));
        });
  }

  /** gitd has its own rights and the operator's grants here, and nothing else. */
  @Test
  void manifestsForWhichRightsAreMissing() {
    playground.with(playground.working(), this::pushManifests);
  }

  private void pushManifests() {
    String manifest =
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings}
        data: {greeting: hello}
        """;
    checkout.write("k8s/settings.yaml", manifest);
    playground.kubectl("create", "serviceaccount", "deployer");
    playground.kubectl("create", "configmap", "settings", "--from-literal=greeting=mine");
    playground.patch(
        """
        {"spec": {"deployments": [], "manifests": {"path": "k8s", "serviceAccountName": "deployer"}}}""");
    try {
      refused("as ServiceAccount deployer, and gitd may not act as it");
      assertThat(playground.manifestsAllowed())
          .contains("kubectl create role -n", "deployer-token");

      playground.kubectl(
          "create",
          "role",
          "deployer-token",
          "--verb=create",
          "--resource=serviceaccounts/token",
          "--resource-name=deployer");
      String gitd = "--serviceaccount=" + playground.namespace() + ":dev-gitd";
      playground.kubectl("create", "rolebinding", "deployer-token", "--role=deployer-token", gitd);
      refused("deployer may not create, delete, get, patch configmaps");

      playground.kubectl(
          "create",
          "role",
          "deployer-configmaps",
          "--verb=get,create,patch,delete",
          "--resource=configmaps");
      String deployer = "--serviceaccount=" + playground.namespace() + ":deployer";
      playground.kubectl(
          "create", "rolebinding", "deployer-configmaps", "--role=deployer-configmaps", deployer);
      refused(".data.greeting belongs to kubectl-create", "forceConflicts");

      playground.patch("{\"spec\": {\"manifests\": {\"forceConflicts\": true}}}");
      checkout.write("k8s/settings.yaml", manifest).commit("Nothing but manifests");
      Stage.Result push = checkout.git("push", "dev", "master");
      assertThat(push.exitCode()).as(push.text()).isZero();
      assertThat(push.text()).contains("configmap/settings changed").doesNotContain("Building");
      assertThat(playground.kubectl("get", "configmap", "settings", "-o", "jsonpath={.data}"))
          .isEqualTo("{\"greeting\":\"hello\"}");
    } finally {
      playground.patch("{\"spec\": {\"manifests\": null}}");
    }
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
