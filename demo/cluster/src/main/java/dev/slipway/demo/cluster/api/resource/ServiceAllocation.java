package dev.slipway.demo.cluster.api.resource;

import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.storage.Change;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.schema.Rejected;
import dev.slipway.demo.cluster.schema.ResourceName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gives a Service its addresses and node ports before anybody sees it. */
public final class ServiceAllocation implements Admission {
  private static final ResourceName SERVICES = new ResourceName("", "services");

  private final ServiceAddresses addresses;

  /** Whose they are, by uid. */
  private final Map<String, String> addressOwners = new HashMap<>();

  private final Map<Integer, String> portOwners = new HashMap<>();

  /** Both a write and what follows from it happen under the store's lock. */
  public ServiceAllocation(Store store, ServiceAddresses addresses) {
    this.addresses = addresses;
    store.listen(this::follow);
  }

  @Override
  public void admit(Attempt attempt) {
    if (!attempt.type().kind().equals("Service") || attempt.subresource().equals("status")) {
      return;
    }
    var service = attempt.object();
    try {
      addresses.assign(service.json(), takenByOthersThan(service.uid()));
    } catch (ServiceAddresses.Unavailable e) {
      throw Rejected.invalid("", "Service", service.name(), List.of(e.error()));
    }
  }

  private ServiceAddresses.Taken takenByOthersThan(String uid) {
    return new ServiceAddresses.Taken(
        address -> !addressOwners.getOrDefault(address, uid).equals(uid),
        port -> !portOwners.getOrDefault(port, uid).equals(uid));
  }

  private void follow(Change change) {
    if (!change.key().resource().equals(SERVICES)) {
      return;
    }
    var before = change.before();
    if (before != null) {
      addressOwners.remove(address(before));
      ports(before).forEach(portOwners::remove);
    }
    if (change.type() != Change.Type.DELETED) {
      addressOwners.put(address(change.after()), change.after().uid());
      ports(change.after()).forEach(port -> portOwners.put(port, change.after().uid()));
    }
  }

  private static String address(ApiObject service) {
    return service.text("/spec/clusterIP");
  }

  private static List<Integer> ports(ApiObject service) {
    return service.at("/spec/ports").valueStream().map(it -> it.path("nodePort").asInt()).toList();
  }
}
