package dev.slipway.hooks.manifests;

import dev.slipway.crd.AppliedObject;
import dev.slipway.crd.Remote;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.hooks.kube.ApiCalls;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The list of what pushes have applied, in the status of the Remote. */
final class Inventory {
  private final KubernetesClient client;
  private final ApiCalls api;
  private final GitdConfig config;

  /**
   * @param client gitd's own, which alone may write the status
   */
  Inventory(KubernetesClient client, ApiCalls api, GitdConfig config) {
    this.client = client;
    this.api = api;
    this.config = config;
  }

  List<AppliedObject> read() throws InterruptedException {
    Remote remote =
        api.call(
            () ->
                client
                    .resources(Remote.class)
                    .inNamespace(config.namespace())
                    .withName(config.name())
                    .get());
    return remote == null || remote.getStatus() == null || remote.getStatus().inventory() == null
        ? List.of()
        : remote.getStatus().inventory();
  }

  void write(List<AppliedObject> entries) throws InterruptedException {
    List<AppliedObject> sorted =
        entries.stream().distinct().sorted(Comparator.comparing(AppliedObject::toString)).toList();
    PatchContext context =
        new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager("slipway-gitd")
            .build();
    String patch = Serialization.asJson(Map.of("status", Map.of("inventory", sorted)));
    api.call(
        () ->
            client
                .resources(Remote.class)
                .inNamespace(config.namespace())
                .withName(config.name())
                .subresource("status")
                .patch(context, patch));
  }
}
