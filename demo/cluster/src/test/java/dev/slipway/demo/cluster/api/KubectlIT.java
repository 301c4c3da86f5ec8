package dev.slipway.demo.cluster.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.ClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The real kubectl, unmodified and without flags that would help it, against the API. */
class KubectlIT {
  @RegisterExtension static final ClusterExtension cluster = ClusterExtension.apiOnly();

  @Test
  void listsWhatEveryClusterHas() {
    assertThat(ok("get", "namespaces")).contains("default", "kube-system", "Active");
    assertThat(ok("version")).contains("Server Version: v1.34");
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

  private static String ok(String... args) {
    var result = cluster.kubectl(args);
    assertThat(result.exitCode()).as(result.errors()).isZero();
    return result.output();
  }
}
