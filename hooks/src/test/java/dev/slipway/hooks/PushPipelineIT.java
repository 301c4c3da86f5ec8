package dev.slipway.hooks;

import static dev.slipway.hooks.SharedCluster.RECORDED;
import static dev.slipway.hooks.TestConfig.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.crd.LastPush;
import dev.slipway.crd.gitd.ImageRegistry;
import dev.slipway.crd.gitd.Target;
import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import dev.slipway.demo.cluster.image.Registry;
import dev.slipway.hooks.Push.Pusher;
import dev.slipway.hooks.kube.Labels;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How pushes end: deployed, rejected, cancelled, and one after the other. */
class PushPipelineIT extends PipelineOnCluster {
  @Test
  void deploysAPushAndThenASecondOne() throws IOException {
    Push first = push("good one");
    PushOutcome outcome = pipeline.preReceive(first, lines::add);

    assertThat(outcome).as("%s", lines).isInstanceOf(PushOutcome.Deployed.class);
    assertThat(image())
        .matches(
            "registry\\.example/team/%1$s-dev-%1$s\\.web-web:[0-9a-f]{40}@sha256:[0-9a-f]{64}"
                .formatted(namespace));
    assertThat(lines)
        .anyMatch(
            line -> line.matches("-----> dev: [0-9a-f]{7} \"good one\" by ana \\(SHA256:Qm9…\\)"))
        .contains(
            "-----> Building 1 image",
            "       Step: RUN make",
            "-----> Deploying",
            "       deployment/web: rolled out")
        .noneMatch(line -> line.startsWith("=====>"));
    assertThat(tokens()).isEmpty();
    move(first);
    pipeline.postReceive(first, outcome, true);
    assertThat(lines)
        .last()
        .asString()
        .matches("=====> Deployed [0-9a-f]{7} to " + namespace + " in .* s");
    assertThat(lastPush().outcome()).isEqualTo(LastPush.Outcome.Deployed);
    assertThat(lastPush().push()).isEqualTo(first.id().value());
    assertThat(
            client()
                .pods()
                .inNamespace(namespace)
                .withLabel("gitkube.sh/push", first.id().value())
                .list()
                .getItems())
        .singleElement()
        .satisfies(pod -> assertThat(pod.getMetadata().getLabels()).containsKey(Labels.BUILD));
    assertThat(lastPush().message()).matches("[0-9a-f]{7} deployed by ana in [0-9.]+ s");
    assertThat(events()).contains(lastPush().message());
    assertThat(lines)
        .anyMatch(
            line ->
                line.matches(
                    " {7}pushed registry\\.example/team/%1$s-dev-%1$s\\.web-web at [0-9a-f]{7} \\([0-9.]+ s\\)"
                        .formatted(namespace)));

    String before = image();
    Push second = push("good two");
    PushOutcome next = pipeline.preReceive(second, lines::add);
    pipeline.postReceive(second, next, true);

    assertThat(next).as("%s", lines).isInstanceOf(PushOutcome.Deployed.class);
    assertThat(image()).isNotEqualTo(before);
  }

  /** Neither the terminals of those who push nor those of operators obey what a stranger wrote. */
  @Test
  void showsNothingHiddenOfACommitItsAuthorAndItsPusher() throws IOException {
    String hidden = "\u001b]0;x\u0007\u202e";
    authoredBy("An" + hidden + "a");
    Push commit = push("Bigger " + hidden + "buttons");
    Push push =
        new Push(
            PushId.random(),
            new Pusher("an" + hidden + "a", "SHA256:Qm9vvvvvvvvvv"),
            commit.changes(),
            commit.repository());

    deploys(push);

    assertThat(lines)
        .anyMatch(it -> it.matches("-----> dev: .{7} \"Bigger buttons\" by ana \\(SHA256:Qm9…\\)"));
    assertThat(lastPush().message()).matches(".{7} deployed by ana in .*");
    assertThat(lastPush().pusher()).startsWith("ana SHA256:");
    assertThat(events()).contains(lastPush().message());
    // As JSON both as they are and escaped.
    assertThat(
            String.join("\n", lines)
                + lastPush()
                + events()
                + Serialization.asJson(jobs())
                + Serialization.asJson(deployment("web")))
        .contains("org.opencontainers.image.authors=Ana <ana@example.org>")
        .doesNotContain("\u001b", "\u0007", "\u202e")
        .doesNotContain("\\u001b", "\\u001B", "\\u0007", "\\u202e", "\\u202E");
  }

  @Test
  void buildsWithoutDeployingWhenTheRemoteSaysSo() throws IOException {
    pipeline = pipeline(TestConfig.of(TestConfig.buildOnly("tools", "web")));
    Push push = push("good");

    PushOutcome outcome = pipeline.preReceive(push, lines::add);
    pipeline.postReceive(push, outcome, true);

    assertThat(outcome).as("%s", lines).isEqualTo(new PushOutcome.Stored());
    assertThat(lines)
        .anyMatch(
            line ->
                line.contains(
                    "pushed registry.example/team/%1$s-dev-%1$s.tools-".formatted(namespace)))
        .anyMatch(line -> line.matches("=====> Built [0-9a-f]{7} in .* s, nothing is deployed"))
        .doesNotContain("-----> Deploying");
    assertThat(image()).isEqualTo(OLD);
  }

  /** Meshes put one into every pod; a kubelet lists containers by their names. */
  @Test
  void deploysWhenTheBuilderHasEndedThoughASidecarRunsOn() throws Exception {
    Push push = push(RECORDED + " sidecar");
    Running running = begin(push);
    await().until(() -> builderPods().stream().anyMatch(it -> it.getSpec().getNodeName() != null));
    besideASidecar("running: {}");

    besideASidecar("terminated: {exitCode: 0, message: sha256:%s}".formatted("a".repeat(64)));

    deployed(push, running.await());
    assertThat(image()).endsWith("@sha256:" + "a".repeat(64));
    await().untilAsserted(() -> assertThat(jobs()).as("a Job that would go on").isEmpty());
  }

  private List<Pod> builderPods() {
    return client().pods().inNamespace(namespace).withLabel(Labels.BUILD).list().getItems();
  }

  private void besideASidecar(String builder) {
    String status =
        """
        status:
          phase: Running
          initContainerStatuses:
          - {name: fetch-context, ready: true, restartCount: 0, image: "", imageID: "", state: {terminated: {exitCode: 0}}}
          containerStatuses:
          - {name: istio-proxy, ready: true, restartCount: 0, image: "", imageID: "", state: {running: {}}}
          - {name: kaniko, ready: true, restartCount: 0, image: "", imageID: "", state: {%s}}
        """
            .formatted(builder);
    client()
        .resource(builderPods().getFirst())
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            Serialization.asJson(Serialization.unmarshal(status, JsonNode.class)));
  }

  @Fault(
      during = During.ACCEPTING,
      what = "the ref cannot be moved",
      leaves = "rejected; what ran before runs again, with the pull Secrets it had")
  @Test
  void putsBackWhatRanAndThePullSecretWhenTheRefCannotMove() throws IOException {
    String pull = "localhost:32000/team";
    pipeline =
        pipeline(
            withRegistry(
                new ImageRegistry("registry.example/team", pull, null, "pull", null, false)));
    Push push = push("good");
    PushOutcome outcome = pipeline.preReceive(push, lines::add);
    assertThat(outcome).as("%s", lines).isInstanceOf(PushOutcome.Deployed.class);
    assertThat(image()).startsWith(pull + "/%1$s-dev-%1$s.web-web:".formatted(namespace));
    assertThat(pullSecrets()).containsExactly("pull");

    pipeline.postReceive(push, outcome, false);

    assertThat(image()).isEqualTo(OLD);
    assertThat(pullSecrets()).isEmpty();
    assertThat(lastPush().outcome()).isEqualTo(LastPush.Outcome.Rejected);
    assertThat(lines)
        .noneMatch(line -> line.startsWith("=====>"))
        .endsWith(
            " !     Push rejected: the branch could not be moved; what ran before was put back.",
            "       push " + push.id().brief());
  }

  @Test
  void buildsNothingForABranchThatCannotStandBesideAnother() throws IOException {
    Push push = pushed("refs/heads/master/hotfix");
    git.moveRef("refs/heads/master", push.changes().getFirst().newId());

    PushOutcome outcome = pipeline.preReceive(push, lines::add);
    pipeline.postReceive(push, outcome, false);

    assertThat(outcome)
        .isEqualTo(
            new PushOutcome.Rejected(
                "NameTaken",
                "git keeps no refs/heads/master/hotfix beside refs/heads/master; take another name,"
                    + " or delete the one that is there first."));
    assertThat(lines).noneMatch(line -> line.contains("Building"));
  }

  @Test
  void buildsNothingWhenAnotherRefOfThePushHasMoved() throws IOException {
    Push push = pushed("refs/heads/master", "refs/heads/feature");
    git.moveRef("refs/heads/feature", push.changes().getFirst().newId());

    PushOutcome outcome = pipeline.preReceive(push, lines::add);
    pipeline.postReceive(push, outcome, false);

    assertThat(outcome)
        .isEqualTo(
            new PushOutcome.Rejected(
                "Outdated",
                "refs/heads/feature has moved since this push looked at it; run git fetch, merge,"
                    + " and push again."));
    assertThat(lines).noneMatch(line -> line.contains("Building"));
  }

  /** A good commit, to refs that do not exist as far as the client knows. */
  private Push pushed(String... refs) throws IOException {
    Push one = push("good");
    ObjectId commit = one.changes().getFirst().newId();
    return new Push(
        PushId.random(),
        one.pusher(),
        Stream.of(refs).map(ref -> new Push.RefChange(ref, ObjectId.zeroId(), commit)).toList(),
        one.repository());
  }

  @Test
  void asksARegistryWithACertificateOfItsOwn(@TempDir Path files) throws Exception {
    try (var registry = TlsRegistry.thatRefuses(files)) {
      client()
          .configMaps()
          .inNamespace(namespace)
          .resource(
              new ConfigMapBuilder()
                  .withNewMetadata()
                  .withName("registry-ca")
                  .endMetadata()
                  .addToData("ca.crt", registry.certificate())
                  .build())
          .create();
      var ca = new Target.Source(Target.Source.Kind.ConfigMap, "registry-ca", "ca.crt");
      String prefix = registry.host() + "/team";
      for (var settings :
          List.of(
              new ImageRegistry(prefix, prefix, null, null, ca, false),
              new ImageRegistry(prefix, prefix, null, null, null, true))) {
        pipeline = pipeline(withRegistry(settings));

        PushOutcome refused = pipeline.preReceive(push("good"), lines::add);

        assertThat(refused)
            .asInstanceOf(InstanceOfAssertFactories.type(PushOutcome.Rejected.class))
            .extracting(PushOutcome.Rejected::reason)
            .isEqualTo("PushDenied");
      }
    }
    assertThat(lines).noneMatch(it -> it.contains("Building"));
  }

  @Test
  void asksTheRegistryBeforeAnythingIsBuilt(@TempDir Path files) throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "the registry's sandbox needs root");
    Registry.Login login = new Registry.Login("builder", "right-password");
    try (Registry registry = Registry.start(files, Optional.of(login))) {
      String prefix = registry.host() + "/team";
      credentials(registry.host(), "wrong-password");
      var known = new ImageRegistry.Credentials("regcred", ".dockerconfigjson");
      pipeline =
          pipeline(withRegistry(new ImageRegistry(prefix, prefix, known, null, null, false)));
      Push push = push("good");

      PushOutcome refused = pipeline.preReceive(push, lines::add);
      pipeline.postReceive(push, refused, false);

      assertThat(refused)
          .isEqualTo(
              new PushOutcome.Rejected(
                  "PushDenied",
                  "%1$s does not let builds push to team/%2$s-dev-%2$s.web-web (UNAUTHORIZED: authentication required); check the login for %1$s in the Secret \"regcred\"."
                      .formatted(registry.host(), namespace)));
      assertThat(lines).noneMatch(it -> it.contains("Building") || it.contains("wrong-password"));
      assertThat(jobs()).isEmpty();

      credentials(registry.host(), login.password());
      PushOutcome outcome = pipeline.preReceive(push, lines::add);
      pipeline.postReceive(push, outcome, true);
      assertThat(outcome).as("%s", lines).isInstanceOf(PushOutcome.Deployed.class);
    }
  }

  private static TestConfig withRegistry(ImageRegistry registry) {
    return TestConfig.of(target("web", "web")).registry(registry);
  }

  private void credentials(String host, String password) {
    client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("regcred")
                .withNamespace(namespace)
                .endMetadata()
                .withType("kubernetes.io/dockerconfigjson")
                .addToStringData(
                    ".dockerconfigjson",
                    "{\"auths\":{\"http://%s\":{\"username\":\"builder\",\"password\":\"%s\"}}}"
                        .formatted(host, password))
                .build())
        .createOr(NonDeletingOperation::update);
  }

  private List<String> pullSecrets() {
    return podSpec("web").getImagePullSecrets().stream()
        .map(LocalObjectReference::getName)
        .toList();
  }

  @Test
  void rejectsABuildThatFailsAndNamesItsStep() throws IOException {
    Push push = push("failing build");

    PushOutcome outcome = pipeline.preReceive(push, lines::add);
    pipeline.postReceive(push, outcome, false);

    assertThat(outcome)
        .isEqualTo(
            new PushOutcome.Rejected(
                "BuildFailed",
                "web: RUN make ended with exit code 3: oh no: missing header; correct it and push"
                    + " again."));
    assertThat(lines).anyMatch(line -> line.startsWith(" !     Push rejected: web: RUN make"));
    assertThat(image()).isEqualTo(OLD);
    assertThat(tokens()).isEmpty();
    assertThat(lastPush().message()).matches("[0-9a-f]{7} rejected: web: RUN make .*");
    assertThat(events()).contains(lastPush().message());
    assertThat(lines).noneMatch(line -> line.contains("error building image"));
  }

  @Fault(
      during = During.DEPLOYING,
      what = "the node cannot pull the new image",
      leaves = "rejected with the reason; what ran before runs again")
  @Test
  void putsBackWhatRanWhenTheRolloutFails() throws IOException {
    Push push = push("bad image");

    PushOutcome outcome = pipeline.preReceive(push, lines::add);
    pipeline.postReceive(push, outcome, false);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            PushOutcome.Rejected.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo("RolloutFailed");
              assertThat(rejected.sentence())
                  .startsWith("deployment/web cannot pull its new image")
                  .endsWith("What ran before runs again.");
            });
    assertThat(lines).noneMatch(line -> line.startsWith("=====>"));
    assertThat(image()).isEqualTo(OLD);
    DeploymentStatus status = deployment("web").getStatus();
    assertThat(status.getAvailableReplicas()).isEqualTo(1);
    assertThat(status.getUpdatedReplicas()).isEqualTo(1);
  }

  @Fault(
      during = During.DEPLOYING,
      what = "what ran before does not get healthy any more either",
      leaves = "rejected, says so; the former image is set")
  @Test
  void waitsForTheRestoreOnlyForAWhile() throws IOException {
    pipeline = pipeline(TestConfig.of(target("web", "web")), Duration.ofSeconds(1));
    client()
        .resource(deployment("web"))
        .patch(
            PatchContext.of(PatchType.STRATEGIC_MERGE),
            """
            {"spec": {"template": {"spec": {"containers": [{"name": "web", "image": "%s"}]}}}}\
            """
                .formatted(NEVER_READY));
    Push push = push("bad image");

    PushOutcome outcome = pipeline.preReceive(push, lines::add);
    pipeline.postReceive(push, outcome, false);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            PushOutcome.Rejected.class,
            rejected ->
                assertThat(rejected.sentence())
                    .contains("What ran before was put back, but deployment/web was not healthy")
                    .contains("within 1 s"));
    assertThat(lines).contains("-----> Putting back what ran before, waiting at most 1 s for it");
    assertThat(image()).isEqualTo(NEVER_READY);
  }

  @Fault(
      during = During.BUILDING,
      what = "the client goes away",
      leaves = "Jobs are deleted; no token, nothing deployed")
  @Test
  void leavesNothingWhenTheClientGoesAway() throws Exception {
    leavesNothingWhenTheClientGoesAwayAfter("       Step: RUN make", push("held"));

    deploys(push("good after all"));
  }

  @Fault(
      during = During.QUEUEING,
      what = "another push of the same branch is accepted meanwhile",
      leaves = "waits and says for whom; then rejected, nothing deployed")
  @Test
  void letsOnePushDeployAtATimeAndRejectsTheOneThatWasOvertaken() throws Exception {
    record Line(Instant at, String push, String text) {}
    List<Line> seen = new CopyOnWriteArrayList<>();
    Push first = push("held first");
    Push second = push("good second");
    Running firstRunning = begin(first, text -> seen.add(new Line(Instant.now(), "first", text)));
    await().until(() -> seen.stream().anyMatch(line -> line.text().contains("Building")));
    Running secondRunning =
        begin(second, text -> seen.add(new Line(Instant.now(), "second", text)));
    await()
        .until(
            () ->
                seen.stream()
                    .filter(line -> line.push().equals("second"))
                    .anyMatch(line -> line.text().contains("Waiting for the push of")));

    letGo(first);
    PushOutcome firstOutcome = firstRunning.await();
    assertThat(secondRunning.outcome().isDone()).isFalse();
    move(first);
    Instant firstEnd = Instant.now();
    pipeline.postReceive(first, firstOutcome, true);
    PushOutcome secondOutcome = secondRunning.await();
    pipeline.postReceive(second, secondOutcome, false);

    assertThat(secondOutcome)
        .isInstanceOfSatisfying(
            PushOutcome.Rejected.class,
            rejected -> assertThat(rejected.reason()).isEqualTo("Outdated"));
    assertThat(seen)
        .filteredOn(line -> line.push().equals("second") && line.text().contains("rejected"))
        .allMatch(line -> !line.at().isBefore(firstEnd));
  }
}
