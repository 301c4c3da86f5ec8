package dev.slipway.demo.cluster.api.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.object.Json;
import dev.slipway.demo.cluster.api.resource.Admission;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.schema.Rejected;
import dev.slipway.demo.cluster.schema.ResourceName;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Gives containers the resources that a LimitRange of their namespace sets, and refuses pods whose
 * containers have more or less than it allows. Only items of the type Container are looked at.
 */
public record LimitRangeAdmission(Store store) implements Admission {
  private static final ResourceName RANGES = new ResourceName("", "limitranges");

  @Override
  public void admit(Attempt attempt) {
    var pod = attempt.object();
    if (!attempt.type().kind().equals("Pod") || attempt.before().isPresent()) {
      return;
    }
    var problems = new ArrayList<String>();
    for (var range : store.list(RANGES, pod.namespace()).objects()) {
      for (var item : range.at("/spec/limits")) {
        if (item.path("type").asText().equals("Container")) {
          containers(pod).forEach(container -> apply(item, container, problems));
        }
      }
    }
    if (!problems.isEmpty()) {
      var text = String.join(", ", problems);
      throw Rejected.forbidden(
          attempt.type().resource(), pod.name(), problems.size() == 1 ? text : "[" + text + "]");
    }
  }

  private static List<ObjectNode> containers(ApiObject pod) {
    var all = new ArrayList<ObjectNode>();
    for (var field : List.of("containers", "initContainers")) {
      pod.at("/spec/" + field).forEach(container -> all.add((ObjectNode) container));
    }
    return all;
  }

  private static void apply(JsonNode item, ObjectNode container, List<String> problems) {
    var limits = defaults(item.path("max"), item.path("default"));
    var requests = defaults(item.path("min"), limits, item.path("defaultRequest"));
    var resources = container.withObjectProperty("resources");
    fill(resources, "limits", limits);
    fill(resources, "requests", requests);
    sorted(item.path("min"))
        .forEach((name, least) -> problems.addAll(below(resources, name, least)));
    sorted(item.path("max")).forEach((name, most) -> problems.addAll(above(resources, name, most)));
  }

  private static ObjectNode defaults(JsonNode... weakestFirst) {
    var all = Json.object();
    for (var each : weakestFirst) {
      if (each instanceof ObjectNode amounts) {
        all.setAll(amounts.deepCopy());
      }
    }
    return all;
  }

  private static void fill(ObjectNode resources, String field, ObjectNode defaults) {
    if (!defaults.isEmpty()) {
      var amounts = resources.withObjectProperty(field);
      defaults.properties().forEach(each -> amounts.putIfAbsent(each.getKey(), each.getValue()));
    }
  }

  private static SortedMap<String, String> sorted(JsonNode amounts) {
    var all = new TreeMap<String, String>();
    amounts.properties().forEach(each -> all.put(each.getKey(), each.getValue().asText()));
    return all;
  }

  private static List<String> below(JsonNode resources, String name, String least) {
    return Stream.of("request", "limit")
        .filter(field -> compare(resources, field, name, least) < 0)
        .limit(1)
        .map(field -> sentence("minimum", resources, field, name, least))
        .toList();
  }

  private static List<String> above(JsonNode resources, String name, String most) {
    return Stream.of("limit", "request")
        .filter(field -> compare(resources, field, name, most) > 0)
        .limit(1)
        .map(field -> sentence("maximum", resources, field, name, most))
        .toList();
  }

  /** 0 when there is nothing to compare: then the other of the two has been given no default. */
  private static int compare(JsonNode resources, String field, String name, String bound) {
    var amount = resources.path(field + "s").path(name);
    return amount.isMissingNode() ? 0 : number(amount.asText()).compareTo(number(bound));
  }

  private static BigDecimal number(String quantity) {
    return new Quantity(quantity).getNumericalAmount();
  }

  private static String sentence(
      String which, JsonNode resources, String field, String name, String bound) {
    return "%s %s usage per Container is %s, but %s is %s"
        .formatted(which, name, bound, field, resources.path(field + "s").path(name).asText());
  }
}
