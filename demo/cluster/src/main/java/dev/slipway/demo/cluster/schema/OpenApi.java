package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Builds the OpenAPI v3 documents that kubectl reads. */
public final class OpenApi {
  private OpenApi() {}

  /**
   * The document behind {@code /openapi/v3/apis/<group>/<version>}.
   *
   * @param resources the resources of one group and version, each with the rules of its kind
   */
  public static ObjectNode document(
      String group, String version, Map<ApiResource, Kind> resources) {
    return JsonNodeFactory.instance.objectNode().put("openapi", "3.0.0");
  }
}
