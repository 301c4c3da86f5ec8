package dev.slipway.demo.cluster.node;

import static dev.slipway.demo.cluster.node.PodsOnNode.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.ClusterExtension;
import dev.slipway.demo.cluster.NodePart;
import dev.slipway.demo.cluster.NodeRequirements;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What happens to pods while they run, and what slows them down before. */
class RunningPodIT {
  @Order(1)
  @RegisterExtension
  static final BeforeAllCallback requirements = context -> NodeRequirements.assumeMet();

  @Order(2)
  @RegisterExtension
  static final ClusterExtension cluster = ClusterExtension.with(new NodePart(List.of(), 0.1));

  private final PodsOnNode pods = new PodsOnNode(cluster);

  @Test
  void showsARunningPodWhatItsSecretsAndConfigMapsBecome() {
    pods.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: word, namespace: default}
        stringData: {word: old, gone: soon}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: place, namespace: default}
        data: {place: here}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: reader, namespace: default}
        spec:
          terminationGracePeriodSeconds: 0
          containers:
          - name: main
            image: busybox
            command:
            - sh
            - -c
            - |
              while sleep 0.1; do
                echo $(ls /all) $(cat /all/word) $(cat /all/in/place) $(cat /fixed)
              done
            volumeMounts:
            - {name: all, mountPath: /all}
            - {name: word, mountPath: /fixed, subPath: word}
          volumes:
          - name: word
            secret: {secretName: word}
          - name: all
            projected:
              sources:
              - secret: {name: word}
              - configMap: {name: place, items: [{key: place, path: in/place}]}
        """);
    awaitLine("gone in word old here old");

    cluster
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("word")
                .endMetadata()
                .addToStringData("word", "new")
                .build())
        .update();
    awaitLine("in word new here old");

    cluster
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("place")
                .endMetadata()
                .addToData("place", "there")
                .build())
        .update();
    awaitLine("in word new there old");
    pods.delete("reader");
  }

  private void awaitLine(String line) {
    Awaitility.await(line).until(() -> pods.logs("reader", "--tail=1").strip(), line::equals);
  }

  @Test
  void evictsAContainerThatWritesTooMuch() {
    pods.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: writer, namespace: default}
        spec:
          containers:
          - name: main
            image: busybox
            command: [sh, -c, 'dd if=/dev/zero of=/x bs=1M count=8; sleep 60']
            resources: {limits: {ephemeral-storage: 4Mi}}
        """);

    var pod = pods.await("writer", now -> "Failed".equals(now.getStatus().getPhase()));

    assertThat(pod.getStatus().getReason()).isEqualTo("Evicted");
    assertThat(pod.getStatus().getMessage())
        .isEqualTo("Container main exceeded its local ephemeral storage limit \"4Mi\". ");
    assertThat(status(pod, "main").getState().getTerminated().getExitCode()).isEqualTo(137);
  }

  @Test
  void slowsDownWhatIsAnnotatedSo() {
    pods.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: slow
          namespace: default
          annotations:
            embedded-cluster/pull-delay-seconds: '1'
            embedded-cluster/start-delay-seconds: '0.5'
        spec:
          restartPolicy: Never
          containers: [{name: main, image: busybox, command: ['true']}]
        """);

    var end = pods.awaitEnd("slow", "main");

    pods.awaitEvents("slow", "Pulling", "Pulled", "Created", "Started");
    var scheduled = Instant.parse(pods.get("slow").getStatus().getStartTime());
    assertThat(Duration.between(scheduled, Instant.parse(end.getStartedAt())))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
  }
}
