package dev.slipway.controller;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.controller.dependent.Dependents;
import dev.slipway.controller.model.HostKeySecret;
import dev.slipway.crd.GitdEndpoint;
import dev.slipway.crd.LastPush;
import dev.slipway.crd.Remote;
import dev.slipway.crd.RemoteStatus;
import dev.slipway.crd.UserNames;
import dev.slipway.crd.gitd.Target.BuildArg;
import dev.slipway.crd.gitd.Target.Source;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the controller makes of a Remote, and how it follows what changes. */
class RemoteControllerIT extends InstalledController {
  @Test
  void makesEverythingThatGitdNeeds() {
    deployment("web", "web");
    registrySecret("regsecret");
    create(remote("dev", ANA, "regsecret", "web", "web"));

    soon(() -> assertThat(condition("dev", "GitdAvailable").getReason()).isEqualTo("Starting"));
    assertThat(owned("dev"))
        .containsExactlyInAnyOrder(
            "ServiceAccount/dev-gitd",
            "Role/dev-gitd",
            "RoleBinding/dev-gitd",
            "Secret/dev-gitd-config",
            "Secret/dev-gitd-host-key",
            "Secret/dev-gitd-tokens",
            "PersistentVolumeClaim/dev-gitd",
            "Service/dev-gitd",
            "Service/dev-gitd-context",
            "NetworkPolicy/dev-gitd",
            "Deployment/dev-gitd");
    assertThat(config("dev").authorizedKeys()).containsExactly(ANA);
    for (String good :
        List.of("KeysAccepted", "RegistryReady", "TargetsFound", "BuildInputsFound", "Supported")) {
      assertThat(condition("dev", good).getStatus()).as(good).isEqualTo("True");
    }
    RemoteStatus status = get("dev").getStatus();
    assertThat(status.remoteUrl())
        .isEqualTo("ssh://%1$s-dev@dev-gitd.%1$s.svc/~/git/%1$s-dev".formatted(namespace));
    assertThat(status.knownHosts()).startsWith("dev-gitd." + namespace + ".svc ssh-ed25519 AAAA");
    assertThat(status.observedGeneration()).isEqualTo(1L);
  }

  /** Readiness is JOSDK's "started", not its health, which wants every watch open. */
  @Test
  void isReadyAndCountsReconciliations() throws Exception {
    create(remote("dev", ANA));
    soon(() -> assertThat(condition("dev", "KeysAccepted")).isNotNull());

    assertThat(ask("/livez").statusCode()).isEqualTo(200);
    assertThat(ask("/readyz").statusCode()).isEqualTo(200);
    soon(
        () ->
            assertThat(ask("/metrics").body())
                .containsPattern("operator_sdk_reconciliations_success\\S* [1-9]"));
  }

  @Test
  void becomesReadyWithGitdAndTellsItOnce() {
    create(remote("dev", ANA));
    makeGitdAvailable("dev");

    soon(() -> assertThat(condition("dev", "Ready").getStatus()).isEqualTo("True"));
    soon(() -> assertThat(events("Normal")).hasSize(1));
    assertThat(cluster.kubectl("get", "rem", "dev", "-n", namespace).output())
        .contains("READY", "URL", "LAST PUSH", "AGE", "True", "ssh://" + namespace + "-dev@");
  }

  @Test
  void publishesChangedKeysWithoutTouchingGitdOrTheHostKey() {
    create(remote("dev", ANA));
    soon(() -> gitd("dev"));
    assertThat(config("dev").authorizedKeys()).hasSize(1);
    long gitd = generation("dev-gitd");
    Map<String, String> hostKey = secret("dev-gitd-host-key").getData();

    edit("dev", "{\"spec\":{\"authorizedKeys\":[]}}");

    soon(() -> assertThat(config("dev").authorizedKeys()).isEmpty());
    soon(() -> assertThat(condition("dev", "Ready").getReason()).isEqualTo("NoKeys"));
    assertThat(generation("dev-gitd")).isEqualTo(gitd);
    assertThat(secret("dev-gitd-host-key").getData()).isEqualTo(hostKey);
    assertThat(hostKey).containsOnlyKeys(HostKeySecret.PRIVATE_KEY, HostKeySecret.PUBLIC_KEY);
  }

  @Test
  void leavesOutABadKeyAndWarnsOnceWithoutRepeatingIt() {
    try (var _ = cluster.faults().on("watch", "remotes").delay(Duration.ofSeconds(1))) {
      create(remote("dev", ANA + "\nssh-rsa <secret-looking-text>"));
      soon(() -> assertThat(condition("dev", "KeysAccepted").getReason()).isEqualTo("KeysLeftOut"));
      // What the controller has made wakes it before it sees the status that it has written.
      soon(() -> assertThat(owned("dev")).hasSize(11));
    }
    assertThat(condition("dev", "KeysAccepted").getMessage())
        .contains("authorizedKeys[0] line 2")
        .doesNotContain("secret-looking-text");
    assertThat(config("dev").authorizedKeys()).containsExactly(ANA);
    makeGitdAvailable("dev");
    soon(() -> assertThat(condition("dev", "Ready").getStatus()).isEqualTo("True"));
    assertThat(events("Warning")).extracting(Event::getReason).containsExactly("KeysLeftOut");
  }

  @Test
  void changesTheUrlWithTheService() {
    create(remote("dev", ANA) + "  service: {type: LoadBalancer, port: 2222}\n");
    soon(() -> assertThat(condition("dev", "GitdAvailable").getMessage()).contains("address"));
    assertThat(get("dev").getStatus().remoteUrl()).isNull();

    balance("203.0.113.7");
    soon(
        () ->
            assertThat(get("dev").getStatus().remoteUrl())
                .isEqualTo("ssh://%1$s-dev@203.0.113.7:2222/~/git/%1$s-dev".formatted(namespace)));
    balance("203.0.113.8");
    soon(
        () ->
            assertThat(get("dev").getStatus().knownHosts()).startsWith("[203.0.113.8]:2222 ssh-"));
    edit("dev", "{\"spec\":{\"service\":{\"host\":\"git.example.org\"}}}");
    soon(() -> assertThat(get("dev").getStatus().remoteUrl()).contains("@git.example.org:2222/"));
  }

  /** What a cloud does for a Service. */
  private void balance(String address) {
    client()
        .services()
        .inNamespace(namespace)
        .withName("dev-gitd")
        .editStatus(
            it ->
                new ServiceBuilder(it)
                    .editOrNewStatus()
                    .withNewLoadBalancer()
                    .addNewIngress()
                    .withIp(address)
                    .endIngress()
                    .endLoadBalancer()
                    .endStatus()
                    .build());
  }

  /** For example because of an admission webhook that is down. */
  @Test
  void publishesKeysThoughNothingElseCanBeApplied() {
    try (var _ = cluster.faults().on("patch", "roles").in(namespace).serverError()) {
      create(remote("dev", ANA));
      soon(() -> assertThat(config("dev").authorizedKeys()).containsExactly(ANA));

      edit("dev", "{\"spec\":{\"authorizedKeys\":[]}}");

      soon(() -> assertThat(config("dev").authorizedKeys()).isEmpty());
    }
  }

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
        cluster.kubectl(
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
    KubernetesClient gitd = cluster.clientAs(namespace, "dev-gitd");
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

  @Test
  void repairsDrift() {
    create(remote("dev", ANA));
    soon(() -> assertThat(owned("dev")).hasSize(11));

    client().rbac().roles().inNamespace(namespace).withName("dev-gitd").delete();
    succeeds(
        cluster.kubectl(
            "patch",
            "deployment",
            "dev-gitd",
            "-n",
            namespace,
            "--type=merge",
            "-p",
            "{\"spec\":{\"replicas\":0}}"));
    succeeds(
        cluster.kubectl(
            "patch",
            "secret",
            "dev-gitd-config",
            "-n",
            namespace,
            "--type=merge",
            "-p",
            "{\"data\":{\"config.json\":\"e30=\"}}"));

    soon(
        () -> {
          assertThat(owned("dev")).hasSize(11).contains("Role/dev-gitd");
          assertThat(gitd("dev").getSpec().getReplicas()).isEqualTo(1);
          assertThat(config("dev").name()).isEqualTo("dev");
        });
  }

  @Test
  void leavesTokensAndLastPushToGitd() {
    create(remote("dev", ANA));
    soon(() -> assertThat(owned("dev")).hasSize(11));
    succeeds(
        cluster.kubectl(
            "patch",
            "secret",
            "dev-gitd-tokens",
            "-n",
            namespace,
            "--type=merge",
            "-p",
            "{\"data\":{\"build\":\"dG9rZW4=\"}}"));
    Remote pushed = new Remote();
    pushed.setMetadata(new ObjectMetaBuilder().withName("dev").withNamespace(namespace).build());
    pushed.setStatus(
        new RemoteStatus(
            null,
            null,
            null,
            null,
            null,
            null,
            new LastPush(
                "7608ddb deployed",
                "7608ddb",
                "refs/heads/master",
                LastPush.Outcome.Deployed,
                "",
                "ana",
                "2026-01-01T00:00:00Z"),
            null));
    client()
        .resource(pushed)
        .subresource("status")
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("slipway-gitd")
                .build());

    edit("dev", "{\"spec\":{\"branches\":[\"release\"]}}");

    soon(() -> assertThat(get("dev").getStatus().observedGeneration()).isEqualTo(2L));
    assertThat(secret("dev-gitd-tokens").getData()).containsEntry("build", "dG9rZW4=");
    assertThat(get("dev").getStatus().lastPush())
        .isNotNull()
        .extracting(LastPush::summary)
        .isEqualTo("7608ddb deployed");
  }

  @Test
  void doesNotTakeWhatBelongsToSomebodyElse() {
    client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("dev-gitd-config")
                .withNamespace(namespace)
                .endMetadata()
                .addToData("mine", "eA==")
                .build())
        .create();
    create(remote("dev", ANA));

    soon(() -> assertThat(condition("dev", "GitdAvailable").getReason()).isEqualTo("NameTaken"));
    assertThat(secret("dev-gitd-config").getData()).containsOnlyKeys("mine");
  }

  @Test
  void keepsTheVolumeAndSaysSo() {
    create(remote("dev", ANA));
    soon(() -> assertThat(owned("dev")).hasSize(11));

    edit("dev", "{\"spec\":{\"storage\":{\"size\":\"5Gi\"}}}");

    soon(() -> assertThat(condition("dev", "Supported").getReason()).isEqualTo("StorageFixed"));
  }

  @Test
  void servesARemoteWithALongNameBesideABadOne() {
    String name = "long.name." + "x".repeat(80);
    create(remote("bad", "no key at all"));
    create(remote(name, ANA));

    soon(() -> assertThat(condition(name, "KeysAccepted").getStatus()).isEqualTo("True"));
    soon(() -> assertThat(condition("bad", "KeysAccepted").getReason()).isEqualTo("NoKeys"));
    assertThat(owned(name)).hasSize(11);
  }

  @Test
  void makesFrontsKeysAndTellsGitdAndFrontOfEachOther() {
    create(remote("dev", ANA));

    soon(
        () -> {
          GitdEndpoint gitd = requireNonNull(requireNonNull(get("dev").getStatus()).gitd());
          assertThat(gitd.service()).isEqualTo("dev-gitd");
          assertThat(gitd.port()).isEqualTo(22);
          assertThat(gitd.hostKey()).startsWith("ssh-ed25519 ");
          assertThat(config("dev").frontCa())
              .startsWith("ssh-ed25519 ")
              .isNotEqualTo(gitd.hostKey());
        });
    assertThat(client().secrets().inNamespace("slipway-system").withName("slipway-front").require())
        .satisfies(secret -> assertThat(secret.getImmutable()).isNull())
        .satisfies(
            secret ->
                assertThat(secret.getData())
                    .containsOnlyKeys(
                        "ssh_host_ed25519_key",
                        "ssh_host_ed25519_key.pub",
                        "ca_ed25519_key",
                        "ca_ed25519_key.pub"));
  }

  @Test
  void youngerOfTwoWithOneUserNameNeverInheritsIt() {
    String other = namespace + "-b";
    client()
        .resource(new NamespaceBuilder().withNewMetadata().withName(other).endMetadata().build())
        .create();
    create(remote("b-dev", ANA));
    client()
        .resource(Serialization.unmarshal(remote("dev", ANA), Remote.class))
        .inNamespace(other)
        .create();
    List<Resource<Remote>> both =
        List.of(
            client().resources(Remote.class).inNamespace(namespace).withName("b-dev"),
            client().resources(Remote.class).inNamespace(other).withName("dev"));
    // Made within the same second, either may be the older.
    soon(() -> assertThat(both.stream().filter(this::hasLostItsName)).hasSize(1));
    Resource<Remote> younger = both.stream().filter(this::hasLostItsName).findFirst().orElseThrow();
    Resource<Remote> older = both.get(1 - both.indexOf(younger));
    soon(() -> assertThat(supported(older).getReason()).isEqualTo("UserNameShared"));
    assertThat(supported(younger).getReason()).isEqualTo("UserNameTaken");

    Remote made = older.require();
    older.delete();
    // It is looked at again now that nobody else claims the name.
    edit(younger, "{\"spec\":{\"authorizedKeys\":[]}}");
    soon(() -> assertThat(younger.require().getStatus().observedGeneration()).isEqualTo(2L));
    assertThat(hasLostItsName(younger)).isTrue();
    var again = new Remote();
    again.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(made.getMetadata().getNamespace())
            .withName(made.getMetadata().getName())
            .build());
    again.setSpec(made.getSpec());
    soon(() -> client().resource(again).create());

    soon(() -> assertThat(supported(older).getReason()).isEqualTo("UserNameShared"));
    assertThat(hasLostItsName(older)).isFalse();
    assertThat(hasLostItsName(younger)).isTrue();
  }

  private boolean hasLostItsName(Resource<Remote> remote) {
    return UserNames.isLongNameOnly(remote.require());
  }

  private static Condition supported(Resource<Remote> remote) {
    return requireNonNull(remote.require().getStatus().conditions()).stream()
        .filter(it -> it.getType().equals("Supported"))
        .findFirst()
        .orElseThrow();
  }

  private static void edit(Resource<Remote> remote, String patch) {
    remote.patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  @Test
  void deletionLeavesNothing() {
    create(remote("dev", ANA));
    soon(() -> assertThat(owned("dev")).hasSize(11));

    succeeds(cluster.kubectl("delete", "remote", "dev", "-n", namespace));

    soon(() -> assertThat(managed()).isEmpty());
  }

  @Test
  void idleMeansIdle() {
    deployment("web", "web");
    create(remote("dev", ANA, "regsecret", "web", "web"));
    makeGitdAvailable("dev");
    soon(() -> assertThat(condition("dev", "GitdAvailable").getStatus()).isEqualTo("True"));
    Map<String, String> before = await().atMost(SOON).until(this::versions, this::staysTheSame);

    await()
        .during(Duration.ofSeconds(3))
        .atMost(SOON)
        .untilAsserted(() -> assertThat(versions()).isEqualTo(before));
    assertThat(get("dev").getMetadata().getManagedFields())
        .filteredOn(entry -> Dependents.FIELD_MANAGER.equals(entry.getManager()))
        .extracting(entry -> entry.getSubresource())
        .containsExactly("status");
  }
}
