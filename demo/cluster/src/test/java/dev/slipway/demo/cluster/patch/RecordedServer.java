package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.schema.ApiResource;
import dev.slipway.demo.cluster.schema.Body;
import dev.slipway.demo.cluster.schema.FieldValidation;
import dev.slipway.demo.cluster.schema.Kind;
import dev.slipway.demo.cluster.schema.Rejected;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends recorded requests to {@link Write} with the objects that the recorded server had stored,
 * and gives storage's part (uid, versions, addresses) from the recorded answer.
 */
final class RecordedServer {
  private static final List<String> STORAGE =
      List.of("uid", "resourceVersion", "creationTimestamp", "name");
  private static final Map<String, String> KINDS =
      Map.of(
          "configmaps", "ConfigMap",
          "services", "Service",
          "secrets", "Secret",
          "pods", "Pod",
          "events", "Event",
          "leases", "Lease",
          "jobs", "Job",
          "deployments", "Deployment",
          "persistentvolumeclaims", "PersistentVolumeClaim",
          "customresourcedefinitions", "CustomResourceDefinition");

  /** What came out: the answer's body and the texts of warnings. */
  record Answer(ObjectNode body, List<String> warnings) {}

  private final Kind remote;
  private final Map<String, ObjectNode> stored = new HashMap<>();

  RecordedServer(JsonNode remoteDefinition) {
    remote = Kind.custom((ObjectNode) remoteDefinition, "v1alpha1");
  }

  /** Takes note of what the recorded server stored, once an exchange is over. */
  void learn(Recording recording) {
    if (recording.isWatch()) {
      for (JsonNode event : recording.document().get("events")) {
        if (event.get("object") instanceof ObjectNode object
            && object.path("metadata").has("managedFields")) {
          stored.putIfAbsent(key(object), object);
        }
      }
    } else if (recording.status() < 300 && recording.parameter("dryRun").isEmpty()) {
      recording
          .answeredObject()
          .ifPresent(
              object -> {
                ObjectNode before = stored.get(target(recording));
                boolean isScale = object.path("kind").asText().equals("Scale");
                if (isScale && before != null) {
                  ObjectNode scaled = before.deepCopy();
                  scaled
                      .withObjectProperty("spec")
                      .set("replicas", number(object, "/spec/replicas"));
                  scaled
                      .withObjectProperty("metadata")
                      .set("resourceVersion", object.at("/metadata/resourceVersion"));
                  stored.put(key(before), scaled);
                } else if (!isScale) {
                  stored.put(key(object), object);
                }
              });
    }
  }

  Answer send(Recording recording) {
    String[] path = recording.path().split("/", -1);
    boolean core = path[1].equals("api");
    String group = core ? "" : path[2];
    String version = core ? path[2] : path[3];
    int at = core ? 3 : 4;
    String namespace = "";
    if (path.length > at + 2 && path[at].equals("namespaces")) {
      namespace = path[at + 1];
      at += 2;
    }
    String plural = path[at];
    String name = path.length > at + 1 ? path[at + 1] : "";
    String subresource = path.length > at + 2 ? path[at + 2] : "";
    Kind kind =
        group.equals("gitkube.sh")
            ? remote
            : Kind.builtIn(group, version, KINDS.getOrDefault(plural, plural)).orElseThrow();
    ApiResource resource =
        new ApiResource(group, version, kind.kind(), plural, true, List.of(), List.of());
    ObjectNode before = stored.get(plural(kind.kind()) + "/" + name);
    try {
      Write.Result result =
          perform(recording, kind, resource, subresource, namespace, name, before);
      ObjectNode object = withStoragesPart(result, recording);
      return new Answer(subresource.equals("scale") ? Scale.of(object) : object, result.warnings());
    } catch (Rejected rejected) {
      return new Answer(rejected.status(), List.of());
    }
  }

  private Write.Result perform(
      Recording recording,
      Kind kind,
      ApiResource resource,
      String subresource,
      String namespace,
      String name,
      @Nullable ObjectNode before) {
    boolean applies = recording.contentType().startsWith("application/apply");
    String given = recording.parameter("fieldManager");
    String manager = given.isEmpty() && !applies ? "example-client" : given;
    String options = recording.method().equals("POST") ? "CreateOptions" : "PatchOptions";
    FieldValidation validation =
        FieldValidation.parse(recording.parameter("fieldValidation"), options);
    Write write =
        new Write(resource, kind, subresource, manager, validation, timeOf(recording.answer()));
    ObjectNode live = before == null ? null : asControllersLeftIt(before, recording);
    return switch (recording.method()) {
      case "POST" -> write.create(named(recording, kind, namespace));
      case "PUT" -> {
        if (live == null) {
          throw Rejected.notFound(kind.group(), resource.plural(), name);
        }
        yield write.update(
            live, Body.object(recording.contentType(), recording.body(), kind.kind()));
      }
      default -> {
        String force = recording.parameter("force");
        yield write.patch(
            PatchType.parse(recording.contentType(), kind),
            recording.body(),
            namespace,
            name,
            live,
            force.isEmpty() ? null : Boolean.valueOf(force));
      }
    };
  }

  /** Gives a POSTed object its namespace and, when it asks for one, its generated name. */
  private static Body named(Recording recording, Kind kind, String namespace) {
    Body body = Body.object(recording.contentType(), recording.body(), kind.kind());
    ObjectNode object = body.value().deepCopy();
    ObjectNode metadata = object.withObjectProperty("metadata");
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    if (metadata.has("generateName")) {
      recording
          .answeredObject()
          .ifPresent(answer -> metadata.set("name", answer.at("/metadata/name")));
    }
    recording.answeredObject().ifPresent(answer -> metadata.set("uid", answer.at("/metadata/uid")));
    return new Body(object, body.duplicates());
  }

  /** The stored object with what controllers wrote before the request arrived. */
  private static ObjectNode asControllersLeftIt(ObjectNode stored, Recording recording) {
    ObjectNode live = stored.deepCopy();
    ObjectNode answer = recording.answeredObject().orElse(null);
    boolean isDeployment = stored.path("kind").asText().equals("Deployment");
    if (!isDeployment
        || answer == null
        || !answer.has("status")
        || recording.path().endsWith("/scale")) {
      return live;
    }
    live.set("status", answer.get("status"));
    if (live.path("spec").equals(answer.path("spec"))) {
      // Nothing to do for the request: what it answers is what controllers left.
      live.withObjectProperty("metadata")
          .set("resourceVersion", answer.at("/metadata/resourceVersion"));
    }
    if (answer.at("/metadata").has("annotations")) {
      live.withObjectProperty("metadata").set("annotations", answer.at("/metadata/annotations"));
    }
    ArrayNode owners = JsonNodeFactory.instance.arrayNode();
    stored
        .at("/metadata/managedFields")
        .valueStream()
        .filter(each -> !isController(each))
        .forEach(owners::add);
    answer
        .at("/metadata/managedFields")
        .valueStream()
        .filter(RecordedServer::isController)
        .forEach(owners::add);
    live.withObjectProperty("metadata").set("managedFields", owners);
    return live;
  }

  private static boolean isController(JsonNode entry) {
    return entry.path("manager").asText().equals("kube-controller-manager");
  }

  private static ObjectNode withStoragesPart(Write.Result result, Recording recording) {
    ObjectNode object = result.object().deepCopy();
    ObjectNode answer = recording.answeredObject().orElse(null);
    if (answer == null) {
      return object;
    }
    ObjectNode metadata = object.withObjectProperty("metadata");
    for (String field : STORAGE) {
      JsonNode value = answer.at("/metadata").get(field);
      boolean isNew = !metadata.has(field) || field.equals("resourceVersion");
      if (value != null && isNew && result.changed()) {
        metadata.set(field, value);
      }
    }
    allocate(object, answer);
    return object;
  }

  /** Addresses and ports of a Service, which storage hands out. */
  private static void allocate(ObjectNode object, ObjectNode answer) {
    if (!object.path("kind").asText().equals("Service")) {
      return;
    }
    for (String field : List.of("clusterIP", "clusterIPs")) {
      object.withObjectProperty("spec").set(field, answer.path("spec").get(field));
    }
    for (int i = 0; i < answer.at("/spec/ports").size(); i++) {
      JsonNode port = answer.at("/spec/ports").get(i).path("nodePort");
      if (!port.isMissingNode() && object.at("/spec/ports").get(i) instanceof ObjectNode ours) {
        ours.set("nodePort", port);
      }
    }
  }

  private static Instant timeOf(JsonNode answer) {
    return answer
        .at("/metadata/managedFields")
        .valueStream()
        .filter(each -> !isController(each) && each.has("time"))
        .map(each -> Instant.parse(each.path("time").asText()))
        .max(Instant::compareTo)
        .orElse(Instant.EPOCH);
  }

  private static JsonNode number(JsonNode node, String pointer) {
    return JsonNodeFactory.instance.numberNode(node.at(pointer).asInt());
  }

  private static String target(Recording recording) {
    List<String> path = List.of(recording.path().split("/", -1));
    int at = path.indexOf("namespaces") + 2;
    return path.get(at) + "/" + (path.size() > at + 1 ? path.get(at + 1) : "");
  }

  private static String key(ObjectNode object) {
    return plural(object.path("kind").asText()) + "/" + object.at("/metadata/name").asText();
  }

  private static String plural(String kind) {
    return KINDS.entrySet().stream()
        .filter(each -> each.getValue().equals(kind))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("remotes");
  }
}
