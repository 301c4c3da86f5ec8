package dev.slipway.demo.cluster.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The part of kubectl's JSONPath that printer columns use: {@code .a.b}, {@code [0]}, {@code [*]},
 * {@code ['x.y']} and {@code [?(@.type=="Ready")]}.
 */
final class JsonPath {
  private static final Pattern STEP =
      Pattern.compile(
          "\\.?(?:(?<field>(?:\\\\.|[^.\\[\\]\\\\])+)|\\['(?<quoted>[^']+)'\\]|\\[(?<index>\\d+|\\*)\\]"
              + "|\\[\\?\\(@\\.(?<key>[^=\\s]+)\\s*==\\s*['\"](?<value>[^'\"]*)['\"]\\)\\])");

  private JsonPath() {}

  /** The first value that the path leads to. */
  static Optional<JsonNode> first(JsonNode root, String path) {
    return all(root, path).findFirst();
  }

  /** All values that the path leads to. */
  static Stream<JsonNode> all(JsonNode root, String path) {
    List<JsonNode> found = List.of(root);
    var steps = STEP.matcher(path);
    while (steps.find()) {
      found = step(found, steps.toMatchResult());
    }
    return found.stream().filter(value -> !value.isMissingNode() && !value.isNull());
  }

  private static List<JsonNode> step(List<JsonNode> from, java.util.regex.MatchResult step) {
    var to = new ArrayList<JsonNode>();
    for (var node : from) {
      if (step.group("field") != null) {
        to.add(node.path(step.group("field").replace("\\", "")));
      } else if (step.group("quoted") != null) {
        to.add(node.path(step.group("quoted")));
      } else if (step.group("index") != null) {
        if (step.group("index").equals("*")) {
          node.forEach(to::add);
        } else {
          to.add(node.path(Integer.parseInt(step.group("index"))));
        }
      } else {
        node.valueStream()
            .filter(item -> item.path(step.group("key")).asText().equals(step.group("value")))
            .forEach(to::add);
      }
    }
    return to;
  }
}
