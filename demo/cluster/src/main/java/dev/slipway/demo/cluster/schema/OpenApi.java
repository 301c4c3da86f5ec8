package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Builds the OpenAPI v3 documents that kubectl reads. */
public final class OpenApi {
  private static final String SCHEMAS = "#/components/schemas/";
  private static final String PATCH = "io.k8s.apimachinery.pkg.apis.meta.v1.Patch";
  private static final List<String> WRITE_PARAMETERS =
      List.of("dryRun", "fieldManager", "fieldValidation");

  private final String group;
  private final String version;
  private final Map<String, JsonNode> components = new TreeMap<>();
  private final Map<String, ObjectNode> paths = new TreeMap<>();

  private OpenApi(String group, String version) {
    this.group = group;
    this.version = version;
  }

  /**
   * The document behind {@code /openapi/v3/apis/<group>/<version>}.
   *
   * @param resources the resources of one group and version, each with the rules of its kind
   */
  public static ObjectNode document(
      String group, String version, Map<ApiResource, Kind> resources) {
    OpenApi document = new OpenApi(group, version);
    document.define(BuiltInSchemas.deleteOptions());
    document.components.put(PATCH, node().put("type", "object"));
    resources.forEach(document::add);
    ObjectNode root = node().put("openapi", "3.0.0");
    root.putObject("info").put("title", "Kubernetes").put("version", "v1.34");
    ObjectNode paths = root.putObject("paths");
    document.paths.forEach(paths::set);
    ObjectNode schemas = root.putObject("components").putObject("schemas");
    document.components.forEach(schemas::set);
    return root;
  }

  /** kubectl apply sends a strategic merge patch to whatever lists it here. */
  private static List<String> patchTypes(Kind kind) {
    List<String> types =
        List.of(
            "application/apply-patch+yaml",
            "application/json-patch+json",
            "application/merge-patch+json");
    return kind.hasStrategicMerge()
        ? Stream.concat(types.stream(), Stream.of("application/strategic-merge-patch+json"))
            .toList()
        : types;
  }

  private void add(ApiResource resource, Kind kind) {
    String name = kind.schema().name();
    define(kind.schema());
    if (components.get(name) instanceof ObjectNode component) {
      component.putArray("x-kubernetes-group-version-kind").add(groupVersionKind(resource));
    }
    String root = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
    String collection =
        root + (resource.namespaced() ? "/namespaces/{namespace}/" : "/") + resource.plural();
    String item = collection + "/{name}";
    Operations operations = new Operations(resource, SCHEMAS + name, patchTypes(kind));
    for (String verb : resource.verbs()) {
      switch (verb) {
        case "list" -> {
          operations.add(collection, "get", "list");
          if (resource.namespaced()) {
            operations.add(root + "/" + resource.plural(), "get", "list");
          }
        }
        case "create" -> operations.add(collection, "post", "post");
        case "deletecollection" -> operations.add(collection, "delete", "deletecollection");
        case "get" -> operations.add(item, "get", "get");
        case "update" -> operations.add(item, "put", "put");
        case "patch" -> operations.add(item, "patch", "patch");
        case "delete" -> operations.add(item, "delete", "delete");
        default -> {}
      }
    }
    if (resource.subresources().contains("status")) {
      for (String method : List.of("get", "put", "patch")) {
        operations.add(item + "/status", method, method);
      }
    }
  }

  /** The operations of one resource. */
  private final class Operations {
    private final ApiResource resource;
    private final String schema;
    private final List<String> patchTypes;

    Operations(ApiResource resource, String schema, List<String> patchTypes) {
      this.resource = resource;
      this.schema = schema;
      this.patchTypes = patchTypes;
    }

    void add(String path, String method, String action) {
      ObjectNode operation = paths.computeIfAbsent(path, each -> node()).putObject(method);
      operation.putArray("tags").add(tag());
      operation.put("operationId", action + path.replaceAll("[^A-Za-z0-9]+", "_"));
      if (List.of("post", "put", "patch").contains(method)) {
        ArrayNode parameters = operation.putArray("parameters");
        WRITE_PARAMETERS.forEach(each -> parameter(parameters, each, "string"));
        if (method.equals("patch")) {
          parameter(parameters, "force", "boolean");
        }
        requestBody(operation, method);
      }
      operation
          .putObject("responses")
          .putObject("200")
          .put("description", "OK")
          .putObject("content")
          .putObject("application/json")
          .putObject("schema")
          .put("$ref", schema);
      operation.put("x-kubernetes-action", action);
      operation.set("x-kubernetes-group-version-kind", groupVersionKind(resource));
    }

    private void requestBody(ObjectNode operation, String method) {
      ObjectNode content = operation.putObject("requestBody").putObject("content");
      if (method.equals("patch")) {
        for (String type : patchTypes) {
          content.putObject(type).putObject("schema").put("$ref", SCHEMAS + PATCH);
        }
      } else {
        content.putObject("*/*").putObject("schema").put("$ref", schema);
      }
    }

    private String tag() {
      String first = group.isEmpty() ? "core" : group.split("\\.", 2)[0];
      return first.toLowerCase(Locale.ROOT) + "_" + version;
    }
  }

  private static void parameter(ArrayNode parameters, String name, String type) {
    parameters
        .addObject()
        .put("name", name)
        .put("in", "query")
        .putObject("schema")
        .put("type", type)
        .put("uniqueItems", true);
  }

  private static ObjectNode groupVersionKind(ApiResource resource) {
    return node()
        .put("group", resource.group())
        .put("kind", resource.kind())
        .put("version", resource.version());
  }

  /** Adds a named schema and all that it refers to. */
  private void define(Schema schema) {
    if (!components.containsKey(schema.name())) {
      components.put(schema.name(), node());
      components.put(schema.name(), body(schema));
    }
  }

  private ObjectNode body(Schema schema) {
    ObjectNode body = schema.keywords().deepCopy();
    body.remove(Schema.ZERO);
    if (body.path("default").isNull()) {
      body.remove("default");
    }
    translateFormat(schema, body);
    if (!schema.properties().isEmpty()) {
      ObjectNode properties = body.putObject("properties");
      schema.properties().forEach((name, field) -> properties.set(name, reference(field)));
    }
    if (schema.items() != null) {
      body.set("items", reference(schema.items()));
    }
    if (schema.additional() != null) {
      body.set("additionalProperties", reference(schema.additional()));
    }
    return body;
  }

  /** A named schema by its name, beside the keywords that belong to this use of it. */
  private JsonNode reference(Schema schema) {
    if (schema.name().isEmpty()) {
      return body(schema);
    }
    define(schema);
    ObjectNode use = node();
    use.putArray("allOf").addObject().put("$ref", SCHEMAS + schema.name());
    for (String keyword :
        List.of("default", "x-kubernetes-patch-strategy", "x-kubernetes-map-type")) {
      if (schema.keywords().hasNonNull(keyword)) {
        use.set(keyword, schema.keywords().get(keyword));
      }
    }
    return use;
  }

  /** Our own formats as the published documents put them. */
  private static void translateFormat(Schema schema, ObjectNode body) {
    switch (schema.format()) {
      case "quantity" -> {
        body.remove(List.of("type", "format"));
        ArrayNode either = body.putArray("oneOf");
        either.addObject().put("type", "string");
        either.addObject().put("type", "number");
      }
      case "int-or-string" -> {
        body.remove("type");
        ArrayNode either = body.putArray("oneOf");
        either.addObject().put("type", "integer");
        either.addObject().put("type", "string");
      }
      case "micro-time" -> body.put("format", "date-time");
      case "duration" -> body.remove("format");
      default -> {}
    }
  }

  private static ObjectNode node() {
    return JsonNodeFactory.instance.objectNode();
  }
}
