package dev.slipway.gitd.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.Remote;
import dev.slipway.demo.cluster.ClusterExtension;
import dev.slipway.gitd.Eventually;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where names lead while Remotes change. */
class RemoteIndexIT {
  @RegisterExtension static final ClusterExtension cluster = ClusterExtension.apiOnly();

  @Test
  void remoteThatChangesIsNeverUnknown() throws Exception {
    assertThat(cluster.kubectl("apply", "-f", "../crd/remote.yaml").exitCode()).isZero();
    Remote remote =
        Serialization.unmarshal(
            """
            apiVersion: gitkube.sh/v1alpha1
            kind: Remote
            metadata: {name: dev, namespace: default}
            spec: {authorizedKeys: []}
            """,
            Remote.class);
    Eventually.await()
        .ignoreExceptions()
        .until(() -> cluster.client().resource(remote).create() != null);
    try (RemoteIndex index = RemoteIndex.start(cluster.client(), Set.of())) {
      Eventually.await().until(index::isComplete);
      FutureTask<Void> changes = new FutureTask<>(RemoteIndexIT::changeOften, null);
      Thread.ofVirtual().start(changes);

      while (!changes.isDone()) {
        assertThat(index.find("default-dev")).isInstanceOf(Route.Unready.class);
      }

      Eventually.get(changes);
    }
  }

  private static void changeOften() {
    for (int i = 0; i < 200; i++) {
      String time = String.valueOf(i);
      cluster
          .client()
          .resources(Remote.class)
          .inNamespace("default")
          .withName("dev")
          .edit(
              it -> {
                it.getMetadata().getAnnotations().put("time", time);
                return it;
              });
    }
  }
}
