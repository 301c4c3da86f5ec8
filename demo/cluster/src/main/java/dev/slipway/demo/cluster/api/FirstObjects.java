package dev.slipway.demo.cluster.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.storage.Key;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.api.types.ResourceTypes;
import dev.slipway.demo.cluster.schema.BundledYaml;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** What is there before the first request: namespaces, and the rights that everybody has. */
record FirstObjects(Store store, ResourceTypes types, InstantSource clock) {
  void create() {
    for (var object : BundledYaml.read(FirstObjects.class, "first-objects.yaml")) {
      put(new ApiObject((ObjectNode) object));
    }
  }

  private void put(ApiObject object) {
    object
        .metadata()
        .put("uid", UUID.randomUUID().toString())
        .put("creationTimestamp", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    var type = types.all().filter(each -> each.kind().equals(object.kind())).findFirst();
    store.put(new Key(type.orElseThrow().storedAs(), "", object.name()), object);
  }
}
