package dev.slipway.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.crd.gitd.Target.BuildArg;
import dev.slipway.crd.gitd.Target.Source;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.Test;

/** How the controller follows what a Remote names: Secrets, ConfigMaps, workloads. */
class RemoteReferencesIT extends InstalledController {
  @Test
  void followsTheKeysOfASecret() {
    create(remote("dev", "# none here") + "  authorizedKeysFrom: [{secretRef: {name: team}}]\n");
    soon(() -> assertThat(condition("dev", "KeysAccepted").getReason()).isEqualTo("NoKeys"));
    Secret team =
        client()
            .resource(
                new SecretBuilder()
                    .withNewMetadata()
                    .withName("team")
                    .withNamespace(namespace)
                    .endMetadata()
                    .addToStringData("ana.pub", ANA)
                    .build())
            .create();
    soon(() -> assertThat(config("dev").authorizedKeys()).containsExactly(ANA));

    client().resource(team).delete();

    soon(() -> assertThat(config("dev").authorizedKeys()).isEmpty());
  }

  @Test
  void noticesWhenMissingReferencesAppear() {
    create(remote("dev", ANA, "regsecret", "web", "web"));
    soon(
        () -> {
          assertThat(condition("dev", "RegistryReady").getReason()).isEqualTo("SecretNotFound");
          assertThat(condition("dev", "TargetsFound").getReason()).isEqualTo("DeploymentNotFound");
        });

    registrySecret("regsecret");
    deployment("web", "other");
    soon(
        () -> {
          assertThat(condition("dev", "RegistryReady").getStatus()).isEqualTo("True");
          assertThat(condition("dev", "TargetsFound").getReason()).isEqualTo("ContainerNotFound");
        });

    client().apps().deployments().inNamespace(namespace).withName("web").delete();
    soon(
        () ->
            assertThat(condition("dev", "TargetsFound").getReason())
                .isEqualTo("DeploymentNotFound"));
  }

  @Test
  void noticesWhenWhatABuildNeedsAppearsAndKnowsOnlyItsName() {
    create(
        remote("dev", ANA)
            + """
                registry: {url: docker.io/user}
                deployments:
                - name: tools
                  containers:
                  - name: lint
                    deploy: false
                    buildArgs: [{name: TOKEN, valueFrom: {secretKeyRef: {name: npm, key: token}}}]
                    buildArgsFrom: [{configMapRef: {name: levels}}]
              """);
    soon(
        () ->
            assertThat(condition("dev", "BuildInputsFound").getMessage())
                .contains("Secret \"npm\"", "ConfigMap \"levels\""));
    assertThat(condition("dev", "Ready").getStatus()).isEqualTo("False");
    assertThat(condition("dev", "TargetsFound").getStatus()).isEqualTo("True");

    var metadata = new ObjectMetaBuilder().withNamespace(namespace);
    client()
        .resource(
            new SecretBuilder()
                .withMetadata(metadata.withName("npm").build())
                .addToStringData("other", "marked-value")
                .build())
        .create();
    client()
        .resource(
            new ConfigMapBuilder()
                .withMetadata(metadata.withName("levels").build())
                .addToData("LOG", "marked-value")
                .build())
        .create();
    soon(
        () ->
            assertThat(condition("dev", "BuildInputsFound").getReason()).isEqualTo("KeyNotFound"));
    succeeds(
        kubectl(
            "patch",
            "secret",
            "npm",
            "-n",
            namespace,
            "--type=merge",
            "-p",
            "{\"stringData\":{\"token\":\"marked-value\"}}"));

    soon(() -> assertThat(condition("dev", "BuildInputsFound").getStatus()).isEqualTo("True"));
    assertThat(config("dev").targets().getFirst().containers().getFirst().buildArgs())
        .containsExactly(
            BuildArg.from("LOG", new Source(Source.Kind.ConfigMap, "levels", "LOG")),
            BuildArg.from("TOKEN", new Source(Source.Kind.Secret, "npm", "token")));
    assertThat(config("dev").toString()).doesNotContain("marked-value");

    String before = config("dev").targets().getFirst().containers().getFirst().inputsVersion();
    succeeds(
        kubectl(
            "patch",
            "secret",
            "npm",
            "-n",
            namespace,
            "--type=merge",
            "-p",
            "{\"stringData\":{\"token\":\"another-value\"}}"));
    soon(
        () ->
            assertThat(config("dev").targets().getFirst().containers().getFirst().inputsVersion())
                .isNotEqualTo(before));
  }

  @Test
  void seesTargetsOfOtherKindsComeAndLetsGitdTouchJustThem() {
    create(
        remote("dev", ANA)
            + """
                registry: {url: docker.io/user}
                deployments:
                - kind: StatefulSet
                  name: db
                  containers: [{name: prepare, path: db}]
                - kind: CronJob
                  name: report
                  containers: [{name: main, imageFrom: {kind: StatefulSet, name: db, container: prepare}}]
              """);
    soon(
        () ->
            assertThat(condition("dev", "TargetsFound").getMessage())
                .contains("StatefulSet \"db\" does not exist", "CronJob \"report\" does not"));

    String pod = "{initContainers: [{name: prepare, image: none}], restartPolicy: %s, ";
    String main = "containers: [{name: main, image: none}]}";
    apply(
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db}
        spec:
          replicas: 2
          selector: {matchLabels: {app: db}}
          template: {metadata: {labels: {app: db}}, spec: %s}
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: report}
        spec: {schedule: "@yearly", jobTemplate: {spec: {template: {spec: %s}}}}
        """
            .formatted(pod.formatted("Always") + main, pod.formatted("Never") + main));

    soon(() -> assertThat(condition("dev", "TargetsFound").getStatus()).isEqualTo("True"));
    KubernetesClient gitd = cluster().clientAs(namespace, "dev-gitd");
    soon(
        () -> {
          assertThat(gitd.apps().statefulSets().inNamespace(namespace).withName("db").get())
              .isNotNull();
          assertThat(gitd.batch().v1().cronjobs().inNamespace(namespace).withName("report").get())
              .isNotNull();
          assertThat(gitd.pods().inNamespace(namespace).withName("db-1").delete()).isNotNull();
        });
    assertThatThrownBy(() -> gitd.pods().inNamespace(namespace).withName("db-2").delete())
        .hasMessageContaining("forbidden");
    assertThatThrownBy(() -> gitd.apps().daemonSets().inNamespace(namespace).withName("x").get())
        .hasMessageContaining("forbidden");
  }
}
