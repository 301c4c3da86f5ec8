package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A kind that Kubernetes itself defines. */
record BuiltInKind(String group, String version, String kind, Schema schema) implements Kind {

  /** Kinds whose generation moves with their spec. */
  private static final Set<String> COUNTED =
      Set.of(
          """
          Deployment ReplicaSet StatefulSet DaemonSet Job CronJob Pod Ingress NetworkPolicy
          PodDisruptionBudget CustomResourceDefinition EndpointSlice IngressClass PriorityClass
          """
              .strip()
              .split("\\s+", -1));

  static Optional<BuiltInKind> find(String group, String version, String kind) {
    return BuiltInSchemas.find(group, version, kind)
        .map(schema -> new BuiltInKind(group, version, kind, schema));
  }

  @Override
  public boolean hasStatusSubresource() {
    return schema.declares("status") && !group.equals("authorization.k8s.io");
  }

  @Override
  public boolean hasStrategicMerge() {
    return true;
  }

  @Override
  public Pruning read(ObjectNode body) {
    Pruning pruning = Pruning.of(schema, body);
    return new Pruning(WireForm.read(this, pruning.object()), pruning.unknown());
  }

  @Override
  public ObjectNode empty() {
    return BuiltInSchemas.empty(schema);
  }

  @Override
  public ObjectNode withDefaults(ObjectNode object) {
    return BuiltInDefaults.apply(kind, schema, object);
  }

  @Override
  public ObjectNode prepareCreate(ObjectNode object) {
    ObjectNode fresh = object.deepCopy();
    // A kubelet registers its Node together with the status; all others start without one.
    if (hasStatusSubresource() && !kind.equals("Node")) {
      fresh.remove("status");
    }
    ObjectNode prepared = BuiltInPreparation.create(this, withDefaults(fresh));
    if (COUNTED.contains(kind)) {
      prepared.withObjectProperty("metadata").put("generation", 1);
    }
    return prepared;
  }

  @Override
  public ObjectNode prepareUpdate(ObjectNode stored, ObjectNode submitted, String subresource) {
    ObjectNode prepared = MetadataRules.keepServerFields(stored, submitted);
    if (subresource.equals("status")) {
      prepared.set("spec", stored.get("spec"));
      if (group.equals("apps")) {
        keep(stored, prepared, "labels");
      }
    } else if (hasStatusSubresource() && stored.has("status")) {
      prepared.set("status", stored.get("status"));
    }
    prepared = BuiltInPreparation.update(this, stored, prepared);
    if (COUNTED.contains(kind) && !subresource.equals("status") && hasChanged(stored, prepared)) {
      long generation = stored.path("metadata").path("generation").asLong();
      prepared.withObjectProperty("metadata").put("generation", generation + 1);
    }
    return prepared;
  }

  private static void keep(ObjectNode stored, ObjectNode prepared, String field) {
    JsonNode value = stored.path("metadata").get(field);
    ObjectNode metadata = prepared.withObjectProperty("metadata");
    if (value == null) {
      metadata.remove(field);
    } else {
      metadata.set(field, value);
    }
  }

  private boolean hasChanged(ObjectNode stored, ObjectNode prepared) {
    return !stored.path("spec").equals(prepared.path("spec"))
        || (kind.equals("Deployment")
            && !stored.at("/metadata/annotations").equals(prepared.at("/metadata/annotations")));
  }

  @Override
  public List<FieldError> validateCreate(ObjectNode object) {
    List<FieldError> errors = new ArrayList<>(MetadataRules.validate(object, nameRule()));
    errors.addAll(BuiltInRules.create(this, object));
    return errors;
  }

  @Override
  public List<FieldError> validateUpdate(ObjectNode stored, ObjectNode object, String subresource) {
    List<FieldError> errors = new ArrayList<>(MetadataRules.validate(object, nameRule()));
    errors.addAll(MetadataRules.finalizers(stored, object));
    errors.addAll(BuiltInRules.update(this, stored, object, subresource));
    return errors;
  }

  private Names.Rule nameRule() {
    return switch (kind) {
      case "Namespace" -> Names.Rule.LABEL;
      case "Service" -> Names.Rule.SERVICE;
      case "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding" -> Names.Rule.PATH_SEGMENT;
      default -> Names.Rule.SUBDOMAIN;
    };
  }
}
