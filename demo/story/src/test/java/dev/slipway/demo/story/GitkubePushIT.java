package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A push to the Remote that Gitkube's documentation describes in full: a key that was never filled
 * in beside one that was, a chart, a registry with a login, a build argument.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(SharedSlipway.Resolver.class)
class GitkubePushIT {
  private static final Path SHAPE = Path.of("crd/src/test/resources/gitkube/complete.yaml");

  private Playground playground;
  private Checkout checkout;

  @BeforeAll
  void start(SharedSlipway shared) throws IOException {
    playground = Playground.layOut("gitkube-push", shared);
    checkout = playground.checkout();
  }

  @Test
  void doesWhatItsAuthorMeant() throws IOException {
    playground.kubectl(
        "create",
        "secret",
        "docker-registry",
        "regsecret",
        "--docker-server=" + playground.guardedRegistry(),
        "--docker-username=" + SharedSlipway.USER,
        "--docker-password=" + SharedSlipway.PASSWORD);
    grantManifests();
    playground.patch(
        spec()
            .replaceFirst("ssh-ed25519 .* ana", playground.publicKey())
            .replace("docker.io/user", playground.guardedRegistry() + "/user"),
        "RegistryReady");
    checkout
        .write("kubernetes/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 0.1.0\n")
        .write("kubernetes/templates/www.yaml", WWW)
        .write("services/www/Dockerfile", DOCKERFILE);
    String commit = checkout.commit("What Gitkube would have deployed");

    Stage.Result push = checkout.git("push", "dev", "master");

    assertThat(push.exitCode()).as(push.text()).isZero();
    assertThat(push.text()).contains("deployment/www created", "=====> Deployed ");
    assertThat(
            playground.kubectl(
                "get",
                "deployment",
                "www",
                "-o",
                "jsonpath={.spec.template.spec.containers[0].image}"))
        .startsWith(
            "%1$s/user/%2$s-dev-%2$s.www-www:%3$s@sha256:"
                .formatted(playground.guardedRegistry(), playground.namespace(), commit));
    awaitLog("production, shop of ana\n");
    assertThat(
            playground.kubectl(
                "get",
                "remote",
                "dev",
                "-o",
                "jsonpath={.status.conditions[?(@.type==\"KeysAccepted\")].message}"))
        .isEqualTo("Left out: authorizedKeys[0] line 1 is no public key in OpenSSH format.");

    theOldManifestIsReported();
    otherBranchesAndBuildArgumentsOfASecret();
  }

  /** What Gitkube's users ran into: somebody applies the manifest with the placeholder again. */
  private void theOldManifestIsReported() {
    playground.kubectl("set", "image", "deployment/www", "www=placeholder");
    playground.awaitRemote("condition=ImagesCurrent=False");
    assertThat(
            playground.kubectl(
                "get",
                "remote",
                "dev",
                "-o",
                "jsonpath={.status.conditions[?(@.type==\"ImagesCurrent\")].message}"))
        .contains("Container \"www\" of Deployment \"www\" runs another image");
  }

  /** Two of their wishes, and with them the image is back. */
  private void otherBranchesAndBuildArgumentsOfASecret() {
    playground.kubectl("create", "secret", "generic", "stage", "--from-literal=STAGE=quality");
    playground.patch(
        """
        {"spec": {"branches": ["qa/**"],
                  "deployments": [{"name": "www", "containers": [
                    {"name": "www", "path": "services/www",
                     "dockerfile": "services/www/Dockerfile",
                     "buildArgsFrom": [{"secretRef": {"name": "stage"}}]}]}]}}""",
        "BuildInputsFound");
    checkout.commit("For qa");

    Stage.Result push = checkout.git("push", "dev", "master:refs/heads/qa/green");

    assertThat(push.exitCode()).as(push.text()).isZero();
    assertThat(push.text()).contains("=====> Deployed ");
    awaitLog("quality, shop of ana\n");
  }

  /** Also while the pod of a former image is still ending. */
  private void awaitLog(String text) {
    Awaitility.await()
        .dontCatchUncaughtExceptions()
        .atMost(Playground.SOON)
        .until(() -> playground.kubectl("logs", "deployment/www"), text::equals);
  }

  /** All but the name, which the URL has, and the Service, which Gitkube kept elsewhere. */
  private static String spec() throws IOException {
    String remote = Files.readString(SharedSlipway.HOME.resolve(SHAPE));
    return remote.substring(remote.indexOf("spec:"));
  }

  private void grantManifests() {
    String account = "--serviceaccount=%s:".formatted(playground.namespace());
    playground.kubectl("create", "serviceaccount", "dev-manifests");
    playground.kubectl(
        "create",
        "role",
        "dev-manifests",
        "--verb=get,list,watch,create,patch,delete",
        "--resource=deployments.apps");
    playground.kubectl(
        "create",
        "rolebinding",
        "dev-manifests",
        "--role=dev-manifests",
        account + "dev-manifests");
    playground.kubectl(
        "create",
        "role",
        "dev-manifests-token",
        "--verb=create",
        "--resource=serviceaccounts/token",
        "--resource-name=dev-manifests");
    playground.kubectl(
        "create",
        "rolebinding",
        "dev-manifests-token",
        "--role=dev-manifests-token",
        account + "dev-gitd");
  }

  private static final String DOCKERFILE =
      """
      FROM busybox:stable
      ARG STAGE
      ENV STAGE=$STAGE
      CMD ["sh", "-c", "echo $STAGE, $RELEASE of $OWNER; exec httpd -f -p 8080"]
      """;

  private static final String WWW =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: www}
      spec:
        selector: {matchLabels: {app: www}}
        template:
          metadata: {labels: {app: www}}
          spec:
            terminationGracePeriodSeconds: 1
            imagePullSecrets: [{name: regsecret}]
            containers:
            - name: www
              image: placeholder
              env:
              - {name: OWNER, value: {{ .Values.owner }}}
              - {name: RELEASE, value: {{ .Release.Name }}}
              readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
      """;
}
