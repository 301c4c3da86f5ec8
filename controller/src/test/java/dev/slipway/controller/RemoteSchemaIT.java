package dev.slipway.controller;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.DeploymentTarget;
import dev.slipway.crd.Hook;
import dev.slipway.demo.cluster.Kubectl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an API server with crd/remote.yaml lets through and tells, asked with the real kubectl. */
class RemoteSchemaIT extends InstalledController {
  static List<Path> shapesOfGitkube() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../crd/src/test/resources/gitkube"))) {
      return files.sorted().toList();
    }
  }

  /** Everything that Gitkube's CRD, which had no schema, let through. */
  @ParameterizedTest
  @MethodSource("shapesOfGitkube")
  void acceptsWhatGitkubeAccepted(Path shape) {
    String name = shape.getFileName().toString().replace(".yaml", "");

    succeeds(cluster.kubectl("create", "-n", namespace, "-f", shape.toString()));

    soon(() -> assertThat(condition(name, "KeysAccepted")).isNotNull());
  }

  @Test
  void explainsItsFields() {
    Kubectl.Result explained = cluster.kubectl("explain", "remote.spec", "--recursive=false");

    succeeds(explained);
    assertThat(explained.output())
        .contains("What the author of the Remote asks for.")
        .contains("authorizedKeys", "Who may push and fetch: OpenSSH public keys")
        .contains("registry", "Where built images are pushed to.");
    assertThat(cluster.kubectl("explain", "remote.spec.rollout.onFailure").output())
        .contains("Restore puts back what ran before")
        .contains("Keep", "Restore");
  }

  @Test
  void listsWhatMattersInColumns() {
    create(remote("dev", ANA));

    soon(
        () ->
            assertThat(cluster.kubectl("get", "remotes", "-n", namespace).output().lines())
                .hasSize(2)
                .first()
                .asString()
                .matches("NAME +READY +URL +LAST PUSH +AGE"));
  }

  @Test
  void refusesANodePortWithoutAServiceThatHasOne() {
    assertThat(refusal(remote("dev", ANA) + "  service: {nodePort: 32022}\n"))
        .contains("spec.service.nodePort")
        .contains("nodePort needs type NodePort or LoadBalancer");
    assertThat(cluster.kubectl("get", "remotes", "-n", namespace).output()).isEmpty();
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
        .contains("spec.deployments[0].kind")
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
  void refusesAWordThatIsNoChoice() {
    assertThat(refusal(remote("dev", ANA) + "  rollout: {onFailure: Explode}\n"))
        .contains("spec.rollout.onFailure: Unsupported value: \"Explode\"")
        .contains("\"Keep\", \"Restore\"");
  }

  /** What kubectl says of a Remote that cannot be created. */
  private String refusal(String manifest) {
    Kubectl.Result result =
        cluster.cluster().kubectl().runWithInput(manifest, "create", "-n", namespace, "-f", "-");
    assertThat(result.exitCode()).isEqualTo(1);
    return result.errors();
  }
}
