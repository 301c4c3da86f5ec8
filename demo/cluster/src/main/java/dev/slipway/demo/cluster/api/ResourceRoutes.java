package dev.slipway.demo.cluster.api;

import dev.slipway.demo.cluster.api.http.Reply;
import dev.slipway.demo.cluster.api.http.StatusError;
import dev.slipway.demo.cluster.api.resource.Call;
import dev.slipway.demo.cluster.api.resource.Resources;
import dev.slipway.demo.cluster.api.types.ResourceType.Trait;

/** Leads a request on a resource to the part that knows its subresource. */
final class ResourceRoutes {
  private final Resources resources;

  ResourceRoutes(Resources resources) {
    this.resources = resources;
  }

  Reply answer(Call call) throws InterruptedException {
    if (call.type().has(Trait.VIRTUAL)) {
      throw StatusError.methodNotAllowed();
    }
    return resources.handle(call);
  }
}
