package dev.slipway.controller;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.DeploymentTarget;
import dev.slipway.crd.Hook;
import dev.slipway.crd.RemoteStatus;
import dev.slipway.crd.gitd.ImageRegistry;
import dev.slipway.crd.gitd.PushLimits;
import dev.slipway.demo.cluster.Kubectl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an API server with crd/remote.yaml lets through and tells, asked with the real kubectl. */
class RemoteSchemaIT extends InstalledController {
  /** Everything that Gitkube's CRD, which had no schema, let through; one file for each shape. */
  @Test
  void acceptsWhatGitkubeAccepted() throws IOException {
    Path folder = Path.of("../crd/src/test/resources/gitkube");
    List<String> shapes;
    try (Stream<Path> files = Files.list(folder)) {
      shapes = files.map(it -> it.getFileName().toString().replace(".yaml", "")).toList();
    }

    Kubectl.Result created = kubectl("create", "-n", namespace, "-f", folder.toString());

    succeeds(created);
    assertThat(created.output().lines())
        .containsExactlyInAnyOrderElementsOf(
            shapes.stream().map("remote.gitkube.sh/%s created"::formatted).toList());
    for (String shape : shapes) {
      soon(() -> assertThat(condition(shape, "KeysAccepted")).as(shape).isNotNull());
    }
  }

  @Test
  void acceptsTheRemoteOfTheReferenceInWhichEveryFieldStands() {
    succeeds(kubectl("create", "-n", namespace, "--dry-run=server", "-f", "../docs/remote.yaml"));
  }

  /** It was made before the CRD had a schema, with a field that nobody knows. */
  @Test
  void servesARemoteThatWasThereBeforeTheSchema() {
    namespace = "moved";

    soon(() -> assertThat(config("dev").authorizedKeys()).containsExactly(ANA));
    assertThat(config("dev").registry())
        .extracting(ImageRegistry::prefix)
        .isEqualTo("docker.io/user");
    soon(() -> assertThat(condition("dev", "Supported").getStatus()).isEqualTo("True"));
    RemoteStatus status = requireNonNull(get("dev").getStatus());
    assertThat(status.remoteUrl()).isEqualTo("ssh://moved-dev@git.example/~/git/moved-dev");
    assertThat(kubectl("get", "remote", "dev", "-n", "moved", "-o", "yaml").output())
        .contains("url: docker.io/user", "secretRef: regsecret")
        .doesNotContain("team: blue");
    edit("dev", "{\"spec\":{\"branches\":[\"release\"]}}");
    soon(() -> assertThat(config("dev").branches()).containsExactly("release"));
  }

  @Test
  void explainsItsFields() {
    Kubectl.Result explained = kubectl("explain", "remote.spec", "--recursive=false");

    succeeds(explained);
    assertThat(explained.output())
        .contains("What the author of the Remote asks for.")
        .contains("authorizedKeys", "Who may push and fetch: OpenSSH public keys")
        .contains("registry", "Where built images are pushed to;");
    assertThat(kubectl("explain", "remote.spec.rollout.onFailure").output())
        .contains("Restore puts back what ran before")
        .contains("Keep", "Restore");
  }

  @Test
  void listsWhatMattersInColumns() {
    create(remote("dev", ANA));

    soon(
        () ->
            assertThat(kubectl("get", "remotes", "-n", namespace).output().lines())
                .hasSize(2)
                .first()
                .asString()
                .matches("NAME +READY +URL +LAST PUSH +AGE"));
  }

  @Test
  void refusesANodePortWithoutAServiceThatHasOne() {
    assertThat(refusal(remote("dev", ANA) + "  service: {nodePort: 32022}\n"))
        .contains("spec.service: Invalid value")
        .contains("nodePort needs type NodePort or LoadBalancer");
    assertThat(kubectl("get", "remotes", "-n", namespace).output()).isEmpty();
  }

  @Test
  void refusesAJobAndAWorkloadThatStandsThereTwice() {
    String manifest =
        remote("dev", ANA)
            + """
                deployments:
                - {name: web, kind: %s}
                - {name: web}
                - {name: "", containers: []}
                - {name: "", containers: null}
                - {name: null}
                - {name: null, kind: null}
                - {name: api, kind: CronJob}
              """;

    assertThat(refusal(manifest.formatted("Job")))
        .contains("spec.deployments[0]: Invalid value")
        .contains("A Job cannot change its image: use a CronJob");
    assertThat(refusal(manifest.formatted("Deployment")))
        .contains("spec.deployments")
        .contains("each kind and name stands there once");
    apply(manifest.formatted("DaemonSet"));
    assertThat(requireNonNull(requireNonNull(get("dev").getSpec()).deployments()))
        .extracting(DeploymentTarget::kind)
        .containsExactly(
            "DaemonSet",
            "Deployment",
            "Deployment",
            "Deployment",
            "Deployment",
            "Deployment",
            "CronJob");
  }

  @Test
  void refusesAHookThatCouldNeverRun() {
    String manifest =
        remote("dev", ANA)
            + """
                hooks:
                - {name: migrate, when: BeforeDeploy, imageFrom: {container: web}, args: [migrate]}
                - {name: %s, when: %s, %s}
              """;

    assertThat(refusal(manifest.formatted("lint", "Sometimes", "image: alpine")))
        .contains("spec.hooks[1].when: Unsupported value: \"Sometimes\"");
    assertThat(refusal(manifest.formatted("lint", "AfterBuild", "args: [x]")))
        .contains("a hook needs one of image and imageFrom");
    assertThat(refusal(manifest.formatted("lint", "BeforeBuild", "imageFrom: {container: web}")))
        .contains("a hook that runs before the build cannot run an image that is built");
    assertThat(refusal(manifest.formatted("migrate", "AfterBuild", "image: alpine")))
        .contains("each hook has a name of its own");
    apply(manifest.formatted("lint", "BeforeBuild", "image: alpine, imageFrom: null"));
    assertThat(requireNonNull(requireNonNull(get("dev").getSpec()).hooks()))
        .extracting(Hook::name)
        .containsExactly("migrate", "lint");
  }

  @Test
  void takesLimitsAsQuantitiesOnly() {
    String manifest = remote("dev", ANA) + "  storage: {maxPackSize: %s, reserve: %s}\n";

    assertThat(refusal(manifest.formatted("plenty", "1Mi")))
        .contains("spec.storage.maxPackSize")
        .contains("plenty");
    assertThat(refusal(manifest.formatted("1Gi", "-1"))).contains("spec.storage.reserve");
    apply(manifest.formatted("1.5Gi", "50000000"));
    soon(
        () ->
            assertThat(config("dev").limits())
                .isEqualTo(new PushLimits(1536L << 20, 256L << 20, 50_000_000)));
  }

  @Test
  void refusesAWordThatIsNoChoice() {
    assertThat(refusal(remote("dev", ANA) + "  rollout: {onFailure: Explode}\n"))
        .contains("spec.rollout.onFailure: Unsupported value: \"Explode\"")
        .contains("\"Keep\", \"Restore\"");
  }

  /** What kubectl says of a Remote that cannot be created. */
  private String refusal(String manifest) {
    Kubectl.Result result =
        cluster().kubectl().runWithInput(manifest, "create", "-n", namespace, "-f", "-");
    assertThat(result.exitCode()).isEqualTo(1);
    return result.errors();
  }
}
