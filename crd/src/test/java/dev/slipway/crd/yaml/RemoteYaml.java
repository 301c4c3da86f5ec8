package dev.slipway.crd.yaml;

import dev.slipway.crd.Remote;
import io.fabric8.crdv2.generator.CustomResourceInfo;
import io.fabric8.crdv2.generator.ResolvingContext;
import io.fabric8.crdv2.generator.v1.CustomResourceHandler;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;

/** Derives {@code crd/remote.yaml}, the file that an operator installs, from the records. */
final class RemoteYaml {
  private static final String HEADER =
      """
      # The Remote resource of Slipway: kubectl apply -f remote.yaml
      # Written by `make crd` from the records in dev.slipway.crd; change those.
      """;

  private RemoteYaml() {}

  static String text() {
    return HEADER + Serialization.asYaml(definition());
  }

  static CustomResourceDefinition definition() {
    var handler = new CustomResourceHandler();
    handler.handle(
        CustomResourceInfo.fromClass(Remote.class),
        ResolvingContext.defaultResolvingContext(false));
    var generated =
        handler.finish().map(entry -> (CustomResourceDefinition) entry.getKey()).findFirst();
    return SchemaRefinement.refine(generated.orElseThrow());
  }
}
