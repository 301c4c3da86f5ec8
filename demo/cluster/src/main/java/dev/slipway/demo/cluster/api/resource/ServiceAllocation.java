package dev.slipway.demo.cluster.api.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.control.service.ServiceAddresses;
import dev.slipway.demo.cluster.schema.FieldError;
import dev.slipway.demo.cluster.schema.Rejected;
import java.util.List;

/** Gives a Service its addresses and node ports before anybody sees it. */
public final class ServiceAllocation implements Admission {
  private final Store store;
  private final ServiceAddresses addresses;

  public ServiceAllocation(Store store, ServiceAddresses addresses) {
    this.store = store;
    this.addresses = addresses;
  }

  @Override
  public void admit(Attempt attempt) {
    if (!attempt.type().kind().equals("Service") || attempt.subresource().equals("status")) {
      return;
    }
    var service = attempt.object();
    List<JsonNode> others =
        store.list(attempt.type().storedAs(), "").objects().stream()
            .filter(other -> !other.uid().equals(service.uid()))
            .<JsonNode>map(ApiObject::json)
            .toList();
    try {
      addresses.assign(service.json(), others);
    } catch (ServiceAddresses.UnavailableException e) {
      var detail = e.getMessage() == null ? "" : e.getMessage();
      throw Rejected.invalid(
          "", "Service", service.name(), List.of(FieldError.invalid(e.field(), e.value(), detail)));
    }
  }
}
