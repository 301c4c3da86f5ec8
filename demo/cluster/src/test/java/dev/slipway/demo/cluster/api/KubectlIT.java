package dev.slipway.demo.cluster.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.demo.cluster.ClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The real kubectl, unmodified and without flags that would help it, against the API. */
class KubectlIT {
  @RegisterExtension static final ClusterExtension cluster = ClusterExtension.apiOnly();

  @Test
  void listsWhatEveryClusterHas() {
    assertThat(ok("get", "namespaces")).contains("default", "kube-system", "Active");
    assertThat(ok("version")).containsPattern("Server Version: v1\\.\\d+\\.\\d+");
    assertThat(ok("api-resources")).contains("deployments", "apps/v1", "pods");
  }

  @Test
  void createsReadsChangesAndDeletesAConfigMap() {
    ok("create", "configmap", "settings", "--from-literal=a=b");
    assertThat(ok("get", "configmap", "settings")).contains("settings", "1");
    ok("label", "configmap", "settings", "team=a");
    assertThat(ok("get", "configmap", "-l", "team=a", "-o", "name"))
        .isEqualTo("configmap/settings\n");
    ok("delete", "configmap", "settings");
    assertThat(cluster.kubectl("get", "configmap", "settings").errors())
        .isEqualTo("Error from server (NotFound): configmaps \"settings\" not found\n");
  }

  @Test
  void rollsOutScalesAndUndoesADeployment() {
    ok("create", "deployment", "web", "--image=nginx:1");
    ok("set", "image", "deployment/web", "nginx=nginx:2");
    ok("scale", "deployment/web", "--replicas=2");
    assertThat(ok("get", "deployment", "web")).contains("0/2");
    await()
        .untilAsserted(() -> assertThat(ok("rollout", "history", "deployment/web")).contains("2"));
    ok("rollout", "undo", "deployment/web");
    ok("expose", "deployment", "web", "--port=80");
    assertThat(ok("describe", "service", "web")).contains("198.19.");
    ok("delete", "deployment,service", "web");
    await().untilAsserted(() -> assertThat(ok("get", "rs,pods", "-l", "app=web")).isEmpty());
  }

  @Test
  void deletesANamespaceWithItsContent() {
    ok("create", "namespace", "full");
    ok("create", "configmap", "inside", "--namespace=full");
    ok("delete", "namespace", "full");
    assertThat(cluster.kubectl("get", "namespace", "full").errors()).contains("NotFound");
  }

  @Test
  void letsAServiceAccountDoWhatItsRoleSaysAndNothingElse() {
    ok("create", "serviceaccount", "reader");
    ok("create", "role", "reading", "--verb=get,list", "--resource=configmaps");
    ok("create", "rolebinding", "reading", "--role=reading", "--serviceaccount=default:reader");
    try (var client = cluster.clientAs("default", "reader")) {
      assertThat(client.configMaps().inNamespace("default").list().getItems()).isNotEmpty();
      assertThatThrownBy(() -> client.secrets().inNamespace("default").list())
          .hasMessageContaining(
              "secrets is forbidden: User \"system:serviceaccount:default:reader\" cannot list"
                  + " resource \"secrets\" in API group \"\" in the namespace \"default\"");
    }
    assertThat(
            ok("auth", "can-i", "get", "configmaps", "--as=system:serviceaccount:default:reader"))
        .isEqualTo("yes\n");
  }

  @Test
  void letsNobodyChangeTheQosClassOfAPod() {
    ok("run", "sized", "--image=busybox");
    var patch = "{\"status\": {\"qosClass\": \"Guaranteed\"}}";
    assertThat(
            cluster
                .kubectl(
                    "patch", "pod", "sized", "--subresource=status", "--type=merge", "-p", patch)
                .errors())
        .contains("status.qosClass: Invalid value: \"Guaranteed\": field is immutable");
  }

  @Test
  void showsWhatChangesWhileItWatches() throws Exception {
    var process = cluster.cluster().kubectl().start("get", "configmaps", "-w", "-o", "name");
    try (var lines = process.inputReader()) {
      assertThat(lines.readLine()).isEqualTo("configmap/kube-root-ca.crt");
      ok("create", "configmap", "seen");
      assertThat(lines.readLine()).isEqualTo("configmap/seen");
    } finally {
      process.destroyForcibly();
    }
  }

  private static String ok(String... args) {
    var result = cluster.kubectl(args);
    assertThat(result.exitCode()).as(result.errors()).isZero();
    return result.output();
  }
}
