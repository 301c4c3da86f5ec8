package dev.slipway.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.dependent.Dependents;
import dev.slipway.controller.model.HostKeySecret;
import dev.slipway.crd.LastPush;
import dev.slipway.crd.Remote;
import dev.slipway.crd.RemoteStatus;
import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import dev.slipway.demo.cluster.Kubectl;
import dev.slipway.demo.cluster.api.fault.Requests;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
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
            "NetworkPolicy/dev-builds",
            "NetworkPolicy/dev-gitd",
            "Deployment/dev-gitd");
    assertThat(config("dev").authorizedKeys()).containsExactly(ANA);
    // What the Remote names is known by watches, which may come later than the Remote's own.
    for (String good :
        List.of("KeysAccepted", "RegistryReady", "TargetsFound", "BuildInputsFound", "Supported")) {
      soon(() -> assertThat(condition("dev", good).getStatus()).as(good).isEqualTo("True"));
    }
    RemoteStatus status = get("dev").getStatus();
    assertThat(status.remoteUrl())
        .isEqualTo("ssh://%1$s-dev@git.example/~/git/%1$s-dev".formatted(namespace));
    assertThat(status.knownHosts()).startsWith("git.example ssh-ed25519 AAAA");
    assertThat(status.observedGeneration()).isEqualTo(1L);
  }

  @Test
  void gitdRunsWherePodSecurityRestrictedIsEnforced() {
    succeeds(
        kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted"));
    // Until then no pod can be made, whatever it is.
    soon(() -> client().serviceAccounts().inNamespace(namespace).withName("default").require());
    Kubectl.Result root = kubectl("run", "root", "-n", namespace, "--image=busybox:stable");
    assertThat(root.errors()).contains("violates PodSecurity \"restricted");

    create(remote("dev", ANA));
    makeGitdAvailable("dev");

    soon(() -> assertThat(condition("dev", "GitdAvailable").getStatus()).isEqualTo("True"));
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
    assertThat(kubectl("get", "rem", "dev", "-n", namespace).output())
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

  @Fault(
      during = During.NO_PUSH,
      what = "watches lag a second behind",
      leaves = "an event is told once")
  @Test
  void leavesOutABadKeyAndWarnsOnceWithoutRepeatingIt() {
    try (var _ = controllers("watch", "remotes").delay(Duration.ofSeconds(1))) {
      create(remote("dev", ANA + "\nssh-rsa <secret-looking-text>"));
      soon(() -> assertThat(condition("dev", "KeysAccepted").getReason()).isEqualTo("KeysLeftOut"));
      // What the controller has made wakes it before it sees the status that it has written.
      soon(() -> assertThat(owned("dev")).hasSize(12));
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
    // The controller may write at the same moment.
    soon(
        () ->
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
                            .build()));
  }

  /** For example because of an admission webhook that is down. */
  @Fault(
      during = During.NO_PUSH,
      what = "the API refuses an object of a Remote",
      leaves = "keys are published and revoked all the same")
  @Test
  void publishesKeysThoughNothingElseCanBeApplied() {
    try (var _ = cluster().faults().on("patch", "roles").in(namespace).serverError()) {
      create(remote("dev", ANA));
      soon(() -> assertThat(config("dev").authorizedKeys()).containsExactly(ANA));

      edit("dev", "{\"spec\":{\"authorizedKeys\":[]}}");

      soon(() -> assertThat(config("dev").authorizedKeys()).isEmpty());
    }
  }

  @Fault(
      during = During.NO_PUSH,
      what = "somebody deletes or changes what the controller made",
      leaves = "it is made again")
  @Test
  void repairsDrift() {
    create(remote("dev", ANA));
    soon(() -> assertThat(owned("dev")).hasSize(12));

    client().rbac().roles().inNamespace(namespace).withName("dev-gitd").delete();
    succeeds(
        kubectl(
            "patch",
            "deployment",
            "dev-gitd",
            "-n",
            namespace,
            "--type=merge",
            "-p",
            "{\"spec\":{\"replicas\":0}}"));
    succeeds(
        kubectl(
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
          assertThat(owned("dev")).hasSize(12).contains("Role/dev-gitd");
          assertThat(gitd("dev").getSpec().getReplicas()).isEqualTo(1);
          assertThat(config("dev").name()).isEqualTo("dev");
        });
  }

  @Test
  void asksForNoObjectThatNobodyHasChanged() {
    create(remote("dev", ANA));
    soon(() -> assertThat(owned("dev")).hasSize(12));
    soon(() -> assertThat(condition("dev", "GitdAvailable").getReason()).isEqualTo("Starting"));
    try (var roles = controllers("*", "roles").in(namespace).delay(Duration.ZERO)) {
      edit("dev", "{\"spec\":{\"authorizedKeys\":[]}}");
      soon(() -> assertThat(get("dev").getStatus().observedGeneration()).isEqualTo(2L));
      assertThat(config("dev").authorizedKeys()).isEmpty();
      assertThat(roles.hits()).isZero();

      // An apply would leave it alone.
      succeeds(kubectl("label", "role", "dev-gitd", "-n", namespace, "somebody=else"));
      edit("dev", "{\"spec\":{\"authorizedKeys\":[\"" + ANA + "\"]}}");
      soon(() -> assertThat(get("dev").getStatus().observedGeneration()).isEqualTo(3L));
      assertThat(roles.hits()).isZero();

      succeeds(kubectl("patch", "role", "dev-gitd", "-n", namespace, "-p", "{\"rules\":[]}"));
      soon(() -> assertThat(roles.hits()).isPositive());
      soon(() -> assertThat(role("dev-gitd").getRules()).isNotEmpty());
    }
  }

  private Role role(String name) {
    return client().rbac().roles().inNamespace(namespace).withName(name).require();
  }

  @Test
  void asksForNothingBeforeItMakesARemotesObjects() {
    try (var looked = controllers("get", "*").in(namespace).delay(Duration.ZERO)) {
      create(remote("dev", ANA));
      soon(() -> assertThat(condition("dev", "GitdAvailable").getReason()).isEqualTo("Starting"));
      assertThat(looked.hits()).isZero();
    }
  }

  @Test
  void leavesTokensAndLastPushToGitd() {
    create(remote("dev", ANA));
    soon(() -> assertThat(owned("dev")).hasSize(12));
    succeeds(
        kubectl(
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
                "4f2a1b9c00000000a1b2c3d4e5f60718",
                "ana",
                "2026-01-01T00:00:00Z"),
            null,
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
    String version = secret("dev-gitd-config").getMetadata().getResourceVersion();
    create(remote("dev", ANA));

    soon(() -> assertThat(condition("dev", "GitdAvailable").getReason()).isEqualTo("NameTaken"));
    assertThat(secret("dev-gitd-config").getData()).containsOnlyKeys("mine");
    assertThat(secret("dev-gitd-config").getMetadata().getResourceVersion()).isEqualTo(version);
  }

  /** As also those that a backup has brought back: without an owner, with their labels. */
  @Test
  void takesWhatADeletedRemoteOfItsNameHasLeft() {
    create(remote("dev", ANA));
    soon(() -> assertThat(owned("dev")).hasSize(12));
    Map<String, String> hostKey = secret("dev-gitd-host-key").getData();
    kubectl("delete", "remote", "dev", "-n", namespace, "--cascade=orphan");
    assertThat(secret("dev-gitd-host-key").getMetadata().getOwnerReferences()).isEmpty();

    create(remote("dev", ANA));

    soon(() -> assertThat(owned("dev")).hasSize(12));
    assertThat(secret("dev-gitd-host-key").getData()).isEqualTo(hostKey);
    soon(() -> assertThat(condition("dev", "GitdAvailable").getReason()).isNotEqualTo("NameTaken"));
  }

  /** Else the cluster would delete after all what was to stay. */
  @Test
  void takesNothingForARemoteOfWhoseEndItHasNotHeard() {
    registrySecret("regsecret");
    create(remote("dev", ANA, "regsecret", "web", "web"));
    soon(() -> assertThat(condition("dev", "RegistryReady").getStatus()).isEqualTo("True"));
    try (var _ = controllers("watch", "remotes").delay(Duration.ofMinutes(1));
        var asked = controllers("get", "remotes").in(namespace).delay(Duration.ZERO)) {
      succeeds(kubectl("delete", "remote", "dev", "-n", namespace, "--cascade=orphan"));
      succeeds(kubectl("label", "secret", "regsecret", "-n", namespace, "looked=at"));

      // For the config, for the host key, and for what comes behind it.
      soon(() -> assertThat(asked.hits()).isGreaterThan(2));
    }
    assertThat(secret("dev-gitd-host-key").getMetadata().getOwnerReferences()).isEmpty();
    assertThat(events("Warning")).extracting(Event::getReason).doesNotContain("NameTaken");
  }

  private static Requests controllers(String verb, String resource) {
    return cluster().faults().on(verb, resource).by("slipway-system", "slipway-controller");
  }

  /** docs/security.md. */
  @Test
  void grantsNothingThatSomebodyHasPlantedInTheNamesOfARemoteToCome() {
    apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: dev-gitd
          labels:
            app.kubernetes.io/name: gitd
            app.kubernetes.io/instance: dev
            app.kubernetes.io/managed-by: slipway
            app.kubernetes.io/part-of: slipway
        rules:
        - {apiGroups: [""], resources: [secrets], verbs: [get]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: dev-gitd
          labels:
            app.kubernetes.io/name: gitd
            app.kubernetes.io/instance: dev
            app.kubernetes.io/managed-by: slipway
            app.kubernetes.io/part-of: slipway
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: dev-gitd}
        subjects:
        - {kind: ServiceAccount, name: mallory}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: dev-gitd
          labels:
            app.kubernetes.io/name: gitd
            app.kubernetes.io/instance: dev
            app.kubernetes.io/managed-by: slipway
            app.kubernetes.io/part-of: slipway
        spec:
          podSelector: {}
          ingress: [{}]
        """);

    create(remote("dev", ANA));

    soon(() -> assertThat(owned("dev")).hasSize(12));
    Role role = client().rbac().roles().inNamespace(namespace).withName("dev-gitd").require();
    assertThat(role.getRules())
        .filteredOn(rule -> rule.getResources().contains("secrets"))
        .isNotEmpty()
        .allSatisfy(rule -> assertThat(rule.getResourceNames()).isNotEmpty());
    assertThat(
            client()
                .rbac()
                .roleBindings()
                .inNamespace(namespace)
                .withName("dev-gitd")
                .require()
                .getSubjects())
        .extracting(Subject::getName)
        .containsExactly("dev-gitd");
    assertThat(
            client()
                .network()
                .v1()
                .networkPolicies()
                .inNamespace(namespace)
                .withName("dev-gitd")
                .require()
                .getSpec()
                .getIngress())
        .isNotEmpty()
        .allSatisfy(rule -> assertThat(rule.getPorts()).isNotEmpty());
  }

  /** What is written once is kept when all around it is made as it was. */
  @Test
  void keepsTheHostKeyAndTheVolumeWhenTheirLabelsAreRepaired() {
    create(remote("dev", ANA));
    soon(() -> assertThat(owned("dev")).hasSize(12));
    Map<String, String> hostKey = secret("dev-gitd-host-key").getData();
    for (String object : List.of("secret/dev-gitd-host-key", "pvc/dev-gitd")) {
      String label = "app.kubernetes.io/part-of";
      succeeds(kubectl("label", object, "-n", namespace, "--overwrite", label + "=else"));

      String path = "jsonpath={.metadata.labels.app\\.kubernetes\\.io/part-of}";
      soon(
          () ->
              assertThat(kubectl("get", object, "-n", namespace, "-o", path).output())
                  .isEqualTo("slipway"));
    }
    assertThat(secret("dev-gitd-host-key").getData()).isEqualTo(hostKey);
    assertThat(
            kubectl("get", "pvc", "dev-gitd", "-n", namespace, "-o", "jsonpath={.spec}").output())
        .contains("\"storage\":");
  }

  @Test
  void keepsTheVolumeAndSaysSo() {
    create(remote("dev", ANA));
    soon(() -> assertThat(owned("dev")).hasSize(12));

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
    assertThat(owned(name)).hasSize(12);
  }

  @Test
  void deletionLeavesNothing() {
    create(remote("dev", ANA));
    soon(() -> assertThat(owned("dev")).hasSize(12));

    succeeds(kubectl("delete", "remote", "dev", "-n", namespace));

    soon(() -> assertThat(managed()).isEmpty());
  }

  /** There is no finalizer, and what a deletion takes first is not made again for ever. */
  @Test
  void namespaceIsDeletedWithAllThatIsInIt() {
    create(remote("dev", ANA));
    soon(() -> assertThat(owned("dev")).hasSize(12));
    assertThat(get("dev").getFinalizers()).isEmpty();

    succeeds(kubectl("delete", "namespace", namespace, "--timeout=120s"));

    assertThat(managed()).isEmpty();
  }

  @Test
  void idleMeansIdle() {
    deployment("web", "web");
    create(remote("dev", ANA, "regsecret", "web", "web"));
    makeGitdAvailable("dev");
    soon(() -> assertThat(condition("dev", "GitdAvailable").getStatus()).isEqualTo("True"));

    var last = new AtomicReference<>(versions());
    eventually()
        .during(Duration.ofSeconds(3))
        .until(
            () -> {
              Map<String, String> now = versions();
              return now.equals(last.getAndSet(now));
            });
    assertThat(get("dev").getMetadata().getManagedFields())
        .filteredOn(entry -> Dependents.FIELD_MANAGER.equals(entry.getManager()))
        .extracting(entry -> entry.getSubresource())
        .containsExactly("status");
  }
}
