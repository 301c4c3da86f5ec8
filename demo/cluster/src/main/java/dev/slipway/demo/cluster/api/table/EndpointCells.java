package dev.slipway.demo.cluster.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.cluster.api.object.ApiObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The cells of Services and of what stands behind them. */
final class EndpointCells {
  private static final int SHOWN = 3;

  private EndpointCells() {}

  static String ports(ApiObject service) {
    return Cells.orNone(
        service
            .at("/spec/ports")
            .valueStream()
            .map(EndpointCells::port)
            .collect(Collectors.joining(",")));
  }

  private static String port(JsonNode port) {
    var nodePort = port.path("nodePort").asInt();
    return port.path("port").asInt()
        + (nodePort == 0 ? "" : ":" + nodePort)
        + "/"
        + port.path("protocol").asText("TCP");
  }

  static String externalAddress(ApiObject service) {
    var external =
        service
            .at("/spec/externalIPs")
            .valueStream()
            .map(JsonNode::asText)
            .collect(Collectors.joining(","));
    return switch (service.text("/spec/type")) {
      case "ExternalName" -> service.text("/spec/externalName");
      case "LoadBalancer" -> {
        var ingress = new ArrayList<String>();
        for (var entry : service.at("/status/loadBalancer/ingress")) {
          ingress.add(entry.path("ip").asText(entry.path("hostname").asText()));
        }
        yield ingress.isEmpty() && external.isEmpty()
            ? "<pending>"
            : String.join(",", ingress) + external;
      }
      default -> Cells.orNone(external);
    };
  }

  static String endpoints(ApiObject endpoints) {
    var all = new ArrayList<String>();
    for (var subset : endpoints.at("/subsets")) {
      for (var port : subset.path("ports")) {
        for (var address : subset.path("addresses")) {
          all.add(address.path("ip").asText() + ":" + port.path("port").asInt());
        }
      }
    }
    return shortened(all);
  }

  static String ofSlice(ApiObject slice) {
    var all = new ArrayList<String>();
    slice
        .at("/endpoints")
        .forEach(endpoint -> all.add(endpoint.path("addresses").path(0).asText()));
    return shortened(all);
  }

  private static String shortened(List<String> all) {
    if (all.size() <= SHOWN) {
      return Cells.orNone(String.join(",", all));
    }
    return String.join(",", all.subList(0, SHOWN)) + " + " + (all.size() - SHOWN) + " more...";
  }
}
