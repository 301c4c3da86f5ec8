package dev.slipway.controller.dependent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.ClusterExtension;
import dev.slipway.demo.cluster.Kubectl;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API itself says of who owns which field, after whatever may happen to an object. */
class FingerprintIT {
  @RegisterExtension static final ClusterExtension cluster = ClusterExtension.apiOnly();

  private static final AtomicInteger names = new AtomicInteger();

  @TempDir Path folder;

  private final String name = "web-" + names.incrementAndGet();

  @Test
  void isThatOfTheDesiredObjectOnceItIsApplied() {
    HasMetadata desired = apply();

    assertThat(owned()).contains(Fingerprint.of(desired, json()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "label deployment NAME mine=1",
        "annotate deployment NAME mine=1",
        "patch deployment NAME -p {\"spec\":{\"paused\":true}}",
        "patch deployment NAME -p {\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"more\",\"image\":\"m\"}]}}}}",
        "patch deployment NAME --subresource=status -p {\"status\":{\"replicas\":3}}"
      })
  void staysWhenSomebodyAddsWhatAnApplyLeavesAlone(String kubectl) {
    HasMetadata desired = apply();

    run(kubectl);

    assertThat(owned()).contains(Fingerprint.of(desired, json()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "label deployment NAME a=3 --overwrite",
        "label deployment NAME a-",
        "scale deployment NAME --replicas=0",
        "set image deployment/NAME web=other",
        "patch deployment NAME --type=json -p [{\"op\":\"remove\",\"path\":\"/spec/template/spec/containers/0/env/1\"}]",
        "patch deployment NAME --type=json -p [{\"op\":\"remove\",\"path\":\"/metadata/ownerReferences\"}]",
        "patch deployment NAME --type=json -p [{\"op\":\"remove\",\"path\":\"/spec/template/spec/containers/0/ports/1\"}]",
        "patch deployment NAME --type=json -p [{\"op\":\"add\",\"path\":\"/spec/template/spec/containers/0/securityContext/capabilities/drop/0\",\"value\":\"KILL\"}]",
        "patch deployment NAME --type=json -p [{\"op\":\"replace\",\"path\":\"/metadata/managedFields\",\"value\":[{}]}]"
      })
  void changesWhenSomebodyChangesOrRemovesWhatWasApplied(String kubectl) {
    HasMetadata desired = apply();

    run(kubectl);

    assertThat(owned()).isNotEqualTo(Optional.of(Fingerprint.of(desired, json())));
  }

  @Test
  void changesWhenSomebodyAppliesAnotherValue() throws Exception {
    HasMetadata desired = apply();
    Path file = folder.resolve("web.yaml");
    Files.writeString(file, yaml().replace("web:1", "web:2"));

    run("apply --server-side --force-conflicts -f " + file);

    assertThat(owned()).isNotEqualTo(Optional.of(Fingerprint.of(desired, json())));
  }

  @Test
  void isNoneOfAnObjectOfSomebodyElse() throws Exception {
    Path file = folder.resolve("web.yaml");
    Files.writeString(file, yaml());

    run("create -f " + file);

    assertThat(owned()).isEmpty();
  }

  private String yaml() {
    String owner = client().namespaces().withName("default").require().getMetadata().getUid();
    return """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: %s
          namespace: default
          labels: {b: "2", a: "1"}
          ownerReferences:
          - {apiVersion: v1, kind: Namespace, name: default, uid: %s, controller: true}
        spec:
          replicas: 1
          selector: {matchLabels: {app: web, tier: one}}
          template:
            metadata: {labels: {tier: one, app: web}}
            spec:
              containers:
              - name: web
                image: web:1
                ports: [{name: ssh, containerPort: 22}, {name: http, containerPort: 80}]
                env: [{name: Z, value: last}, {name: A, value: first}]
                resources: {requests: {cpu: 20m, memory: 64Mi}}
                securityContext: {readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
              volumes: [{name: tmp, emptyDir: {}}, {name: keys, secret: {secretName: keys}}]
        """
        .formatted(name, owner);
  }

  private HasMetadata apply() {
    HasMetadata desired = json().unmarshal(yaml());
    client()
        .resource(desired)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(Dependents.FIELD_MANAGER)
                .build(),
            json().asJson(desired));
    return desired;
  }

  private Optional<String> owned() {
    return Fingerprint.ofOwned(
        client().apps().deployments().inNamespace("default").withName(name).require(), json());
  }

  private void run(String kubectl) {
    Kubectl.Result result = cluster.kubectl(kubectl.replace("NAME", name).split(" ", -1));
    assertThat(result.exitCode()).as(result.errors()).isZero();
  }

  private static KubernetesClient client() {
    return cluster.cluster().client();
  }

  private static KubernetesSerialization json() {
    return client().getKubernetesSerialization();
  }
}
