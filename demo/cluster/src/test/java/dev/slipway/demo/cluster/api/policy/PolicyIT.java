package dev.slipway.demo.cluster.api.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.ClusterExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class PolicyIT {
  private static final String RESTRICTED =
      "PodSecurity \"restricted:latest\": allowPrivilegeEscalation != false (container \"main\""
          + " must set securityContext.allowPrivilegeEscalation=false)";

  @RegisterExtension static final ClusterExtension cluster = ClusterExtension.apiOnly();

  @TempDir Path directory;

  @Test
  void warnsOfATemplateAndRefusesThePod() throws Exception {
    namespace("strict", "pod-security.kubernetes.io/enforce=restricted");

    assertThat(
            create(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: strict}
                spec:
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: main, image: busybox}]}
                """))
        .contains("Warning: would violate " + RESTRICTED, "deployment.apps/web created");
    assertThat(pod("strict", "{}"))
        .startsWith("Error from server (Forbidden)")
        .contains("is forbidden: violates " + RESTRICTED);
    Awaitility.await()
        .until(() -> cluster.kubectl("get", "events", "-nstrict").output(), this::hasFailedCreate);
    assertThat(cluster.client().pods().inNamespace("strict").list().getItems()).isEmpty();
  }

  private boolean hasFailedCreate(String events) {
    return events.contains("FailedCreate") && events.contains("violates PodSecurity");
  }

  @Test
  void countsWhatPodsAskForAgainstAQuota() throws Exception {
    namespace("small", "a=b");
    create(
        """
        apiVersion: v1
        kind: ResourceQuota
        metadata: {name: q, namespace: small}
        spec: {hard: {limits.memory: 100Mi, requests.cpu: '1'}}
        """);

    assertThat(pod("small", "{limits: {memory: 64Mi, cpu: 600m}}")).contains("created");
    assertThat(pod("small", "{}"))
        .contains("failed quota: q: must specify limits.memory for: main; requests.cpu for: main");
    assertThat(pod("small", "{limits: {memory: 64Mi}, requests: {cpu: 500m}}"))
        .contains(
            "exceeded quota: q, requested: limits.memory=64Mi,requests.cpu=500m, used:"
                + " limits.memory=64Mi,requests.cpu=600m, limited:"
                + " limits.memory=100Mi,requests.cpu=1");
    Awaitility.await()
        .until(
            () -> cluster.kubectl("get", "quota", "-nsmall").output(),
            table ->
                table.matches(
                    "(?s)NAME +REQUEST +LIMIT +AGE\nq +requests.cpu: 600m/1 +limits.memory:"
                        + " 64Mi/100Mi .*"));
  }

  @Test
  void fillsInWhatALimitRangeSetsAndRefusesWhatItForbids() throws Exception {
    namespace("ranged", "a=b");
    create(
        """
        apiVersion: v1
        kind: LimitRange
        metadata: {name: r, namespace: ranged}
        spec:
          limits:
          - {type: Container, default: {memory: 32Mi}, min: {memory: 4Mi}, max: {memory: 64Mi}}
        """);

    assertThat(pod("ranged", "{}")).contains("created");
    assertThat(
            cluster
                .client()
                .pods()
                .inNamespace("ranged")
                .list()
                .getItems()
                .getFirst()
                .getSpec()
                .getContainers()
                .getFirst()
                .getResources()
                .getLimits()
                .get("memory"))
        .hasToString("32Mi");
    assertThat(pod("ranged", "{limits: {memory: 1Gi}}"))
        .contains("maximum memory usage per Container is 64Mi, but limit is 1Gi");
    assertThat(pod("ranged", "{requests: {memory: 1Mi}}"))
        .contains("minimum memory usage per Container is 4Mi, but request is 1Mi");
  }

  private static void namespace(String name, String label) {
    assertThat(cluster.kubectl("create", "namespace", name).exitCode()).isZero();
    assertThat(cluster.kubectl("label", "namespace", name, label).exitCode()).isZero();
    assertThat(
            cluster
                .kubectl("wait", "-n" + name, "--for=create", "serviceaccount/default")
                .exitCode())
        .isZero();
  }

  private String pod(String namespace, String resources) throws Exception {
    return create(
        """
        apiVersion: v1
        kind: Pod
        metadata: {generateName: p-, namespace: %s}
        spec: {containers: [{name: main, image: busybox, resources: %s}]}
        """
            .formatted(namespace, resources));
  }

  private String create(String yaml) throws Exception {
    var file = Files.writeString(directory.resolve("object.yaml"), yaml);
    var result = cluster.kubectl("create", "-f", file.toString());
    return result.output() + result.errors();
  }
}
