package dev.slipway.demo.cluster.api;

import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.storage.Key;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.api.types.ResourceName;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/** What is there before the first request: the namespaces that every cluster has. */
final class FirstObjects {
  private final Store store;
  private final Clock clock;

  FirstObjects(Store store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  void create() {
    for (var name : List.of("default", "kube-system", "kube-public", "kube-node-lease")) {
      namespace(name);
    }
  }

  private void namespace(String name) {
    var namespace = ApiObject.named("v1", "Namespace", "", name);
    namespace.metadata().putObject("labels").put("kubernetes.io/metadata.name", name);
    namespace.json().putObject("spec").putArray("finalizers").add("kubernetes");
    namespace.json().putObject("status").put("phase", "Active");
    put(new ResourceName("", "namespaces"), namespace);
  }

  private void put(ResourceName resource, ApiObject object) {
    object
        .metadata()
        .put("uid", UUID.randomUUID().toString())
        .put("creationTimestamp", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    store.put(new Key(resource, object.namespace(), object.name()), object);
  }
}
