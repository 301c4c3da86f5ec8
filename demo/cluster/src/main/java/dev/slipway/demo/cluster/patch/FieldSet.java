package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An immutable set of paths to fields, as a tree.
 *
 * @param member whether the path that leads here is itself in the set
 * @param children the longer paths, by their next element; none of them empty
 */
record FieldSet(boolean member, SortedMap<PathElement, FieldSet> children) {
  static final FieldSet EMPTY = new FieldSet(false, new TreeMap<>());
  private static final FieldSet MEMBER = new FieldSet(true, new TreeMap<>());

  /** Decides whether a path is in the result from whether it is in the first and the second set. */
  private interface Choice {
    boolean keep(boolean first, boolean second);
  }

  /** Collects paths, then gives the set. */
  static final class Builder {
    private boolean member;
    private final SortedMap<PathElement, Builder> children = new TreeMap<>();

    Builder at(PathElement element) {
      return children.computeIfAbsent(element, each -> new Builder());
    }

    void add() {
      member = true;
    }

    FieldSet build() {
      SortedMap<PathElement, FieldSet> built = new TreeMap<>();
      children.forEach(
          (element, child) -> {
            FieldSet set = child.build();
            if (!set.isEmpty()) {
              built.put(element, set);
            }
          });
      return new FieldSet(member, built);
    }
  }

  /** A set of one path of field names, for example {@code metadata.labels}. */
  static FieldSet ofFields(String... dotted) {
    Builder set = new Builder();
    for (String path : dotted) {
      Builder at = set;
      for (String name : path.split("\\.", -1)) {
        at = at.at(new PathElement.Field(name));
      }
      at.add();
    }
    return set.build();
  }

  /** Reads a {@code fieldsV1} object. */
  static FieldSet decode(JsonNode fieldsV1) {
    return decode(fieldsV1, false);
  }

  private static FieldSet decode(JsonNode node, boolean nested) {
    // An empty object is a member without children; "." marks a member that has some.
    boolean member = nested && (node.isEmpty() || node.has("."));
    SortedMap<PathElement, FieldSet> children = new TreeMap<>();
    for (Map.Entry<String, JsonNode> each : node.properties()) {
      if (!each.getKey().equals(".")) {
        children.put(PathElement.parse(each.getKey()), decode(each.getValue(), true));
      }
    }
    return new FieldSet(member, children);
  }

  /** Writes a {@code fieldsV1} object. */
  ObjectNode encode() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (member && !children.isEmpty()) {
      node.putObject(".");
    }
    children.forEach((element, child) -> node.set(element.encoded(), child.encode()));
    return node;
  }

  boolean isEmpty() {
    return !member && children.isEmpty();
  }

  FieldSet union(FieldSet other) {
    return combine(this, other, (first, second) -> first || second);
  }

  FieldSet intersection(FieldSet other) {
    return combine(this, other, (first, second) -> first && second);
  }

  FieldSet difference(FieldSet other) {
    return combine(this, other, (first, second) -> first && !second);
  }

  /** Takes away these paths and everything below them. */
  FieldSet without(FieldSet roots) {
    if (roots.member) {
      return EMPTY;
    }
    SortedMap<PathElement, FieldSet> left = new TreeMap<>();
    children.forEach(
        (element, child) -> {
          FieldSet rest = child.without(roots.children.getOrDefault(element, EMPTY));
          if (!rest.isEmpty()) {
            left.put(element, rest);
          }
        });
    return new FieldSet(member, left);
  }

  /** What lies below an element, the element's own membership included. */
  FieldSet at(PathElement element) {
    return children.getOrDefault(element, EMPTY);
  }

  /**
   * The set with each declared field that leads to a member made a member too, so that an object
   * goes away together with its last owned field. Keys of maps and elements of lists own
   * themselves.
   */
  FieldSet withNamedFields(@Nullable Schema schema) {
    SortedMap<PathElement, FieldSet> changed = new TreeMap<>();
    children.forEach(
        (element, child) -> {
          Schema below = schema == null ? null : descend(schema, element);
          FieldSet set = child.withNamedFields(below);
          boolean named =
              element instanceof PathElement.Field(String name)
                  && schema != null
                  && schema.declares(name);
          changed.put(element, named ? new FieldSet(true, set.children) : set);
        });
    return new FieldSet(member, changed);
  }

  private static @Nullable Schema descend(Schema schema, PathElement element) {
    return element instanceof PathElement.Field(String name)
        ? schema.field(name)
        : schema.element();
  }

  /** Every path in the set, as conflicts name it: {@code .spec.containers[name="web"].image}. */
  List<String> paths() {
    List<String> paths = new ArrayList<>();
    collect("", paths);
    return paths;
  }

  private void collect(String prefix, List<String> paths) {
    if (member) {
      paths.add(prefix);
    }
    children.forEach((element, child) -> child.collect(prefix + element, paths));
  }

  private static FieldSet combine(FieldSet first, FieldSet second, Choice choice) {
    SortedMap<PathElement, FieldSet> combined = new TreeMap<>();
    TreeSet<PathElement> elements = new TreeSet<>(first.children.keySet());
    elements.addAll(second.children.keySet());
    for (PathElement element : elements) {
      FieldSet child = combine(first.at(element), second.at(element), choice);
      if (!child.isEmpty()) {
        combined.put(element, child);
      }
    }
    boolean member = choice.keep(first.member, second.member);
    return combined.isEmpty() && member ? MEMBER : new FieldSet(member, combined);
  }
}
