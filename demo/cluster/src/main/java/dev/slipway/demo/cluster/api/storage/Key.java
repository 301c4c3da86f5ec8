package dev.slipway.demo.cluster.api.storage;

import dev.slipway.demo.cluster.schema.ResourceName;
import java.util.Comparator;

/** Where one object is stored; {@code namespace} is empty for an object of the cluster. */
public record Key(ResourceName resource, String namespace, String name) implements Comparable<Key> {
  private static final Comparator<Key> ORDER =
      Comparator.comparing(Key::namespace)
          .thenComparing(Key::name)
          .thenComparing(key -> key.resource().group())
          .thenComparing(key -> key.resource().plural());

  @Override
  public int compareTo(Key other) {
    return ORDER.compare(this, other);
  }
}
