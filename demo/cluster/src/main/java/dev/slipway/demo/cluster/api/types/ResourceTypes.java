package dev.slipway.demo.cluster.api.types;

import dev.slipway.demo.cluster.schema.ResourceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Every kind that the server serves now: the built-in ones and those of the definitions. */
public final class ResourceTypes {
  private final Map<String, List<ResourceType>> custom = new ConcurrentHashMap<>();

  /** Serves these kinds for a definition, instead of the ones it had before. */
  public void define(String definition, List<ResourceType> versions) {
    custom.put(definition, List.copyOf(versions));
  }

  /** Serves the kinds of a definition no longer. */
  public void forget(String definition) {
    custom.remove(definition);
  }

  public Stream<ResourceType> all() {
    return Stream.concat(
        BuiltInResources.ALL.stream(), custom.values().stream().flatMap(List::stream));
  }

  public boolean knowsVersion(String group, String version) {
    return all().anyMatch(kind -> kind.group().equals(group) && kind.version().equals(version));
  }

  public Optional<ResourceType> find(String group, String version, String plural) {
    return all()
        .filter(
            kind ->
                kind.group().equals(group)
                    && kind.version().equals(version)
                    && kind.plural().equals(plural))
        .findFirst();
  }

  /** The first version of a stored resource. */
  public Optional<ResourceType> storing(ResourceName resource) {
    return all().filter(kind -> kind.resource().equals(resource)).findFirst();
  }

  /** Groups in the order of discovery, the core group ("") first. */
  public List<String> groups() {
    var groups = new ArrayList<String>();
    all().map(ResourceType::group).filter(group -> !groups.contains(group)).forEach(groups::add);
    return groups;
  }

  /** Versions of a group, the preferred one first. */
  public List<String> versions(String group) {
    return all()
        .filter(kind -> kind.group().equals(group))
        .map(ResourceType::version)
        .distinct()
        .toList();
  }
}
