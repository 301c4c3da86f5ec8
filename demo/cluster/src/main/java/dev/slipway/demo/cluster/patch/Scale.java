package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The {@code autoscaling/v1} view of an object that has replicas. */
public final class Scale {
  private Scale() {}

  /** The Scale to answer for an object with {@code spec.replicas}. */
  public static ObjectNode of(ObjectNode object) {
    ObjectNode scale =
        JsonNodeFactory.instance
            .objectNode()
            .put("kind", "Scale")
            .put("apiVersion", "autoscaling/v1");
    ObjectNode metadata = scale.putObject("metadata");
    for (String field :
        new String[] {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
      if (object.path("metadata").has(field)) {
        metadata.set(field, object.path("metadata").get(field));
      }
    }
    return scale;
  }
}
