package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Nothing can be taken away from a Role: each right in it was needed by some request, which no
 * other right would have allowed. That the Roles suffice, every test on this cluster shows; of
 * front's, {@link FrontedPushIT} tells.
 */
@ExtendWith(SharedSlipway.Resolver.class)
class RightsIT {
  private static final String GITD = "dev-gitd";

  /**
   * What hands the lease over at a controller's end, which LeadershipIT shows. JOSDK takes part in
   * no election without it.
   */
  private static final String LEASE_UPDATE =
      "{APIGroups:[\"coordination.k8s.io\"], Resources:[\"leases\"],"
          + " ResourceNames:[\"slipway-controller\"], Verbs:[\"update\"]}";

  /** What a gitd gets that may sleep, which FrontedPushIT shows. */
  private static final String SLEEP =
      "{APIGroups:[\"gitkube.sh\"], Resources:[\"remotes/scale\"], Verbs:[\"patch\"]}";

  private static final String MADE =
      "serviceaccounts,roles,rolebindings,secrets,persistentvolumeclaims,services,networkpolicies,"
          + "deployments";

  private static final String MANAGED = "app.kubernetes.io/managed-by=slipway";

  /** No node can run it, however often it tries. */
  private static final String NO_IMAGE = "No Image";

  /** The StatefulSet would wait for its pod without end. */
  private static final String OTHER_KINDS =
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: store}
      spec:
        selector: {matchLabels: {app: store}}
        template:
          metadata: {labels: {app: store}}
          spec:
            terminationGracePeriodSeconds: 1
            containers: [{name: main, image: "%1$s"}]
      ---
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec:
            terminationGracePeriodSeconds: 1
            containers: [{name: main, image: "%1$s"}]
      ---
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: report}
      spec:
        schedule: "0 4 * * *"
        jobTemplate:
          spec:
            template:
              spec:
                restartPolicy: Never
                containers: [{name: main, image: "%1$s"}]
      """
          .formatted(NO_IMAGE);

  @Test
  void everyRightOfGitdAndOfTheControllerIsNeeded(SharedSlipway slipway) throws IOException {
    Playground playground = Playground.layOut("rights", slipway);
    playground.apply(OTHER_KINDS);
    playground.allowManifests();
    playground.patch(everything(playground.guardedRegistry()), "TargetsFound");
    Checkout checkout = playground.checkout();
    checkout
        .write("Dockerfile", RefusedPush.DOCKERFILE)
        .write("page/index.html", "All kinds")
        .write("k8s/colour.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: colour}}")
        .commit("All kinds");
    try (var lost =
        slipway
            .installation()
            .cluster()
            .faults()
            .on("create", "jobs")
            .by("rights", GITD)
            .times(1)
            .loseAnswer()) {
      Stage.Result push = checkout.git("push", "dev", "master");
      assertThat(push.exitCode()).as(push.text()).isZero();
      assertThat(push.text()).contains("pod store-0 is not ready");
      assertThat(lost.hits()).isEqualTo(1);
    }

    playground.patch(
        """
        {"spec": {
          "registry": {"caFrom": {"configMapKeyRef": {"name": "kube-root-ca.crt", "key": "ca.crt"}}},
          "builder": {"image": "%s"}}}\
        """
            .formatted(NO_IMAGE));
    checkout.commit("A build that never begins, whose Job must go");
    Stage.Result push = checkout.git("push", "dev", "master");
    assertThat(push.text()).contains("the image that the build runs in cannot be pulled");
    // The same event again, which is counted.
    checkout.delete("Dockerfile").commit("No Dockerfile");
    for (int again = 0; again < 2; again++) {
      assertThat(checkout.git("push", "dev", "master").text()).contains("Push rejected: ");
    }

    playground.witness().awaitAllRightsNeeded("rights", GITD);
    // What the controller has made it asks for, and makes as it was, when somebody changes it.
    playground.kubectl(
        "label", MADE, "-l", MANAGED, "--overwrite", "app.kubernetes.io/part-of=somebody");
    playground
        .witness()
        .awaitAllRightsNeeded("slipway-system", "slipway-controller", LEASE_UPDATE, SLEEP);
    // Without manifests the Role names each target in place of all of its kind.
    playground.patch("{\"spec\": {\"manifests\": null}}");
    playground.witness().awaitAllRightsNeeded("rights", GITD);
  }

  private static String everything(String registry) {
    return """
    {"spec": {
      "registry": {"url": "%s", "credentials": {"secretRef": "right"}, "pullSecretRef": "right"},
      "manifests": {"path": "k8s", "serviceAccountName": "deployer"},
      "deployments": [
        {"name": "web", "containers": [{"name": "web", "path": "."}]},
        {"kind": "StatefulSet", "name": "store", "containers": [%2$s]},
        {"kind": "DaemonSet", "name": "agent", "containers": [%2$s]},
        {"kind": "CronJob", "name": "report", "containers": [%2$s]}]}}\
    """
        .formatted(
            registry,
            """
            {"name": "main", "imageFrom": {"name": "web", "container": "web"}}\
            """);
  }
}
