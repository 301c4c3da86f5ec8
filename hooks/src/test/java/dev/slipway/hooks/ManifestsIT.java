package dev.slipway.hooks;

import static dev.slipway.hooks.TestConfig.target;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.slipway.crd.AppliedObject;
import dev.slipway.crd.gitd.ManifestSettings;
import dev.slipway.crd.gitd.Target;
import dev.slipway.crd.gitd.Workload;
import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Manifests of a commit become objects of the namespace, all or none of them. */
class ManifestsIT extends PipelineOnCluster {
  private static final String WEB =
      """
      apiVersion: extensions/v1beta1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 1
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: web, image: placeholder}]}
      """;

  private static final String REPORT =
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: report}
      spec:
        schedule: "0 4 * * *"
        jobTemplate:
          spec:
            template:
              spec: {restartPolicy: Never, containers: [{name: report, image: busybox}]}
      """;

  @Override
  void createWorkloads() {
    // Pushes do.
  }

  @BeforeEach
  void grant() {
    kubectl("create", "serviceaccount", "dev-manifests");
    kubectl(
        "create",
        "rolebinding",
        "dev-manifests",
        "--clusterrole=cluster-admin",
        "--serviceaccount=" + namespace + ":dev-manifests");
    pipeline = pipeline(withManifests(/* prune= */ true, target("web", "web")));
  }

  @Test
  void appliesWhatWasBuiltAndDeletesWhatIsGone() throws IOException {
    client().resource(settings("somebody-elses", "x")).create();
    Push first =
        push(
            "good one",
            Map.of("k8s/web.yaml", WEB, "k8s/a/settings.yaml", configMaps("one", "two")));
    deploys(first);

    assertThat(image())
        .matches("registry.example/team/%1$s-dev-%1$s.web-web:.*@sha256:.*".formatted(namespace));
    assertThat(imagesThatEverRan()).containsExactly(image());
    assertThat(data("one")).isEqualTo("first");
    assertThat(inventory()).containsExactly("ConfigMap one", "ConfigMap two", "Deployment web");
    assertThat(lines)
        .containsSubsequence(
            "-----> Checking 3 manifests",
            "-----> Building 1 image",
            "-----> Deploying",
            "       configmap/one created",
            "       deployment/web created",
            "       deployment/web: rolled out");

    deploys(push("good two", Map.of("k8s/web.yaml", WEB, "k8s/settings.yaml", configMaps("one"))));

    assertThat(lines).contains("       configmap/two deleted, it is no longer in the repository");
    assertThat(configMap("two")).isNull();
    assertThat(configMap("somebody-elses")).isNotNull();
    assertThat(inventory()).containsExactly("ConfigMap one", "Deployment web");
  }

  /** The branch of a single target applies no manifests, which is not the same as having none. */
  @Test
  void deletesNothingWhenABranchWithoutManifestsIsPushed() throws IOException {
    deploys(push("good", Map.of("k8s/web.yaml", WEB, "k8s/settings.yaml", configMaps("one"))));
    Target ofItsOwn =
        new Target(
            Workload.deployment("web"), target("web", "web").containers(), List.of("master"));
    pipeline = pipeline(withManifests(/* prune= */ true, ofItsOwn).branches("release"));

    lines.clear();
    deploys(push("good again", Map.of()));

    assertThat(lines).noneMatch(line -> line.contains("deleted") || line.contains("manifest"));
    assertThat(data("one")).isEqualTo("first");
    assertThat(inventory()).containsExactly("ConfigMap one", "Deployment web");
  }

  @Fault(
      during = During.DEPLOYING,
      what = "applied manifests do not get healthy",
      leaves = "rejected; every object is as it was, new ones are gone")
  @Test
  void takesEverythingBackWhenTheNewPodsDoNotGetReady() throws IOException {
    deploys(
        push(
            "good",
            Map.of(
                "k8s/web.yaml", WEB,
                "k8s/report.yaml", REPORT,
                "k8s/settings.yaml", configMaps("one"))));
    assertThat(lines)
        .containsSubsequence("       deployment/web: rolled out", "       cronjob/report created");
    String image = image();
    Push bad =
        push(
            "bad image",
            Map.of(
                "k8s/web.yaml",
                    WEB.replace("placeholder", "placeholder, env: [{name: TIER, value: front}]"),
                "k8s/report.yaml", REPORT.replace("4 * *", "5 * *"),
                "k8s/settings.yaml", configMaps("one", "two").replace("first", "second")));

    PushOutcome outcome = pipeline.preReceive(bad, lines::add);
    pipeline.postReceive(bad, outcome, false);

    assertThat(outcome)
        .as("%s", lines)
        .isInstanceOfSatisfying(
            PushOutcome.Rejected.class,
            rejected -> assertThat(rejected.reason()).isEqualTo("RolloutFailed"));
    assertThat(lines)
        .contains("       configmap/one changed", "       configmap/two created")
        .containsSubsequence(
            "-----> Putting back what ran before, waiting at most 60 s for it",
            "       deployment/web: rolled out");
    assertThat(lines).doesNotContain("       cronjob/report changed");
    assertThat(image()).isEqualTo(image);
    assertThat(podSpec("web").getContainers().getFirst().getEnv()).isEmpty();
    assertThat(data("one")).isEqualTo("first");
    assertThat(configMap("two")).isNull();
  }

  @Test
  void winsItsImageBackFromAnotherWriterAndNothingElse() throws IOException {
    deploys(push("good", Map.of("k8s/web.yaml", WEB)));
    String image = image();
    kubectl("set", "image", "deployment/web", "web=placeholder");

    deploys(push("good again", Map.of("k8s/web.yaml", WEB)));
    assertThat(image()).isNotEqualTo(image).contains("@sha256:");

    kubectl("scale", "deployment/web", "--replicas=2");
    Push push = push("good but owned", Map.of("k8s/web.yaml", WEB));
    PushOutcome outcome = pipeline.preReceive(push, lines::add);
    pipeline.postReceive(push, outcome, false);

    assertThat(outcome)
        .isEqualTo(
            new PushOutcome.Rejected(
                "ManifestsRefused",
                "k8s/web.yaml: Deployment web: .spec.replicas belongs to kubectl, with another"
                    + " value; leave it out of the manifest, or set spec.manifests.forceConflicts"
                    + " to take it over."));
  }

  @Test
  void leavesTheImagesOfOtherBranchesAlone() throws IOException {
    Target qa =
        new Target(Workload.deployment("qa"), target("qa", "web").containers(), List.of("qa/**"));
    pipeline = pipeline(withManifests(/* prune= */ false, target("web", "web"), qa));
    String manifests =
        WEB + "---\n" + WEB.replace("web", "qa").replace("name: qa, image", "name: web, image");
    Push first = push("good", Map.of("k8s/web.yaml", manifests));
    PushOutcome refused = pipeline.preReceive(first, lines::add);
    pipeline.postReceive(first, refused, false);

    assertThat(refused)
        .isEqualTo(
            new PushOutcome.Rejected(
                "ManifestsRefused",
                "k8s/web.yaml, document 2: Deployment qa: this branch does not build the image of"
                    + " container web, and the cluster has none of it that could stay; let this"
                    + " branch build it, or leave the object out of its manifests."));

    kubectl("create", "deployment", "qa", "--image=" + OLD);
    // As a push of the other branch does it, which owns the image from then on.
    kubectl("set", "image", "deployment/qa", "web=" + OLD + "-qa", "--field-manager=slipway-gitd");
    deploys(push("good again", Map.of("k8s/web.yaml", manifests)));

    assertThat(image()).contains("@sha256:");
    assertThat(podSpec("qa").getContainers())
        .extracting(Container::getImage)
        .contains(OLD + "-qa")
        .doesNotContain("placeholder");
  }

  @Test
  void refusesBeforeBuildingWhatTheAccountMayNot() throws IOException {
    kubectl("delete", "rolebinding", "dev-manifests");
    kubectl(
        "create", "role", "some", "--verb=get,create,patch,delete", "--resource=deployments.apps");
    kubectl(
        "create",
        "rolebinding",
        "some",
        "--role=some",
        "--serviceaccount=" + namespace + ":dev-manifests");
    pipeline = pipeline(withManifests(/* prune= */ false, target("web", "web")));
    Push push = push("good", Map.of("k8s/web.yaml", WEB, "k8s/settings.yaml", configMaps("one")));

    PushOutcome outcome = pipeline.preReceive(push, lines::add);
    pipeline.postReceive(push, outcome, false);

    assertThat(outcome)
        .isEqualTo(
            new PushOutcome.Rejected(
                "ManifestsRefused",
                ("ServiceAccount dev-manifests may not create, delete, get, patch configmaps in"
                        + " namespace %1$s. Who may grant it: kubectl create role -n %1$s"
                        + " dev-manifests-configmaps --verb=get,create,patch,delete"
                        + " --resource=configmaps; kubectl create rolebinding -n %1$s"
                        + " dev-manifests-configmaps --role=dev-manifests-configmaps"
                        + " --serviceaccount=%1$s:dev-manifests.")
                    .formatted(namespace)));
    assertThat(lines).noneMatch(line -> line.contains("Building"));
    assertThat(client().apps().deployments().inNamespace(namespace).list().getItems()).isEmpty();
  }

  private static String configMaps(String... names) {
    StringBuilder yaml = new StringBuilder("# two spaces\n");
    for (String name : names) {
      yaml.append("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ")
          .append(name)
          .append("}\ndata: {key: first}\n");
    }
    return yaml.toString();
  }

  private ConfigMap settings(String name, String value) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .endMetadata()
        .addToData("key", value)
        .build();
  }

  private @Nullable ConfigMap configMap(String name) {
    return client().configMaps().inNamespace(namespace).withName(name).get();
  }

  private String data(String name) {
    return requireNonNull(requireNonNull(configMap(name)).getData().get("key"));
  }

  private List<String> imagesThatEverRan() {
    return client().apps().replicaSets().inNamespace(namespace).list().getItems().stream()
        .map(ReplicaSet::getSpec)
        .map(spec -> spec.getTemplate().getSpec().getContainers().getFirst().getImage())
        .toList();
  }

  private List<String> inventory() {
    List<AppliedObject> inventory =
        requireNonNull(requireNonNull(remote().getStatus()).inventory());
    return inventory.stream().map(it -> it.kind() + " " + it.name()).sorted().toList();
  }

  private static TestConfig withManifests(boolean prune, Target... targets) {
    return TestConfig.of(targets)
        .manifests(
            new ManifestSettings(
                "k8s",
                null,
                JsonNodeFactory.instance.objectNode(),
                "dev-manifests",
                prune,
                /* forceConflicts= */ false));
  }
}
