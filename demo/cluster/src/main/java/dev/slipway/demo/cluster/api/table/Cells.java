package dev.slipway.demo.cluster.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.cluster.api.object.ApiObject;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The values of cells that take more than a path. */
final class Cells {
  static final String NONE = "<none>";

  private Cells() {}

  /** How a cell is worked out that {@code columns.yaml} calls by this name. */
  static BiFunction<ApiObject, Instant, String> named(String name) {
    return switch (name) {
      case "ready containers" -> timeless(PodCells::ready);
      case "pod status" -> timeless(PodCells::status);
      case "restarts" -> PodCells::restarts;
      case "ready pods" ->
          timeless(
              set -> number(set, ".status.readyReplicas") + "/" + number(set, ".spec.replicas"));
      case "job status" -> timeless(JobCells::status);
      case "completions" -> timeless(JobCells::completions);
      case "duration" -> JobCells::duration;
      case "suspended" ->
          timeless(cronJob -> cronJob.at("/spec/suspend").asBoolean() ? "True" : "False");
      case "external address" -> timeless(EndpointCells::externalAddress);
      case "service ports" -> timeless(EndpointCells::ports);
      case "endpoints" -> timeless(EndpointCells::endpoints);
      case "endpoints of slice" -> timeless(EndpointCells::ofSlice);
      case "ingress ports" ->
          timeless(ingress -> ingress.at("/spec/tls").isEmpty() ? "80" : "80, 443");
      case "node status" ->
          timeless(node -> condition(node, "Ready").equals("True") ? "Ready" : "NotReady");
      case "node roles" -> timeless(Cells::roles);
      case "last seen" -> EventCells::lastSeen;
      case "first seen" -> EventCells::firstSeen;
      case "event object" -> timeless(EventCells::object);
      case "event source" -> timeless(EventCells::source);
      case "event message" -> timeless(EventCells::message);
      case "event count" -> timeless(EventCells::count);
      case "phase" -> timeless(it -> it.deleting() ? "Terminating" : it.text("/status/phase"));
      case "claim modes" -> timeless(claim -> modes(claim.at("/status/accessModes")));
      case "volume modes" -> timeless(volume -> modes(volume.at("/spec/accessModes")));
      case "claim of volume" -> timeless(Cells::claim);
      case "role of binding" ->
          timeless(binding -> binding.text("/roleRef/kind") + "/" + binding.text("/roleRef/name"));
      case "quota of requests" ->
          timeless(quota -> quota(quota, resource -> !resource.startsWith("limits.")));
      case "quota of limits" ->
          timeless(quota -> quota(quota, resource -> resource.startsWith("limits.")));
      default -> throw new IllegalArgumentException("No cell is called " + name);
    };
  }

  private static BiFunction<ApiObject, Instant, String> timeless(
      Function<ApiObject, String> value) {
    return (object, _) -> value.apply(object);
  }

  /** How long ago a timestamp was; {@code <unknown>} without one. */
  static String since(String timestamp, Instant now) {
    try {
      return HumanDuration.of(Duration.between(Instant.parse(timestamp), now));
    } catch (DateTimeParseException e) {
      return "<unknown>";
    }
  }

  static String orNone(String text) {
    return text.isEmpty() ? NONE : text;
  }

  static int number(ApiObject object, String path) {
    return JsonPath.first(object.json(), path).map(JsonNode::asInt).orElse(0);
  }

  /** A map of labels as a selector: {@code a=b,c=d}. */
  static String labels(List<JsonNode> maps) {
    return orNone(
        maps.stream()
            .flatMap(JsonNode::propertyStream)
            .map(entry -> entry.getKey() + "=" + entry.getValue().asText())
            .collect(Collectors.joining(",")));
  }

  /** Status of the first condition of a type; empty when there is none. */
  static String condition(ApiObject object, String type) {
    return object
        .at("/status/conditions")
        .valueStream()
        .filter(condition -> condition.path("type").asText().equals(type))
        .map(condition -> condition.path("status").asText())
        .findFirst()
        .orElse("");
  }

  private static String roles(ApiObject node) {
    var prefix = "node-role.kubernetes.io/";
    return orNone(
        node.labels().keySet().stream()
            .filter(label -> label.startsWith(prefix))
            .map(label -> label.substring(prefix.length()))
            .sorted()
            .collect(Collectors.joining(",")));
  }

  private static String claim(ApiObject volume) {
    var name = volume.text("/spec/claimRef/name");
    return name.isEmpty() ? "" : volume.text("/spec/claimRef/namespace") + "/" + name;
  }

  private static String modes(JsonNode modes) {
    return modes
        .valueStream()
        .map(
            mode ->
                switch (mode.asText()) {
                  case "ReadWriteOnce" -> "RWO";
                  case "ReadOnlyMany" -> "ROX";
                  case "ReadWriteMany" -> "RWX";
                  case "ReadWriteOncePod" -> "RWOP";
                  default -> mode.asText();
                })
        .collect(Collectors.joining(","));
  }

  private static String quota(ApiObject quota, Predicate<String> resources) {
    return quota
        .at("/status/hard")
        .propertyStream()
        .filter(hard -> resources.test(hard.getKey()))
        .sorted(Map.Entry.comparingByKey())
        .map(
            hard ->
                "%s: %s/%s"
                    .formatted(
                        hard.getKey(),
                        quota.at("/status/used").path(hard.getKey()).asText("0"),
                        hard.getValue().asText()))
        .collect(Collectors.joining(", "));
  }
}
