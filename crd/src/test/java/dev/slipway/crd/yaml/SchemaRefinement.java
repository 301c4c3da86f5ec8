package dev.slipway.crd.yaml;

import dev.slipway.crd.Remote;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.RemoteStatus;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says in the schema what the records say in Java and the generator does not read: nullability
 * (JSpecify), the width of integers, the form of quantities, the order of columns, and the standard
 * shape of conditions.
 */
final class SchemaRefinement {
  private static final String DESCRIPTION =
      "A git remote that deploys: who may push, what is built from a push, and where it goes.";

  /** As in metav1.Condition, whose descriptions and limits fabric8's model leaves out. */
  private static final String CONDITION =
      """
      type: object
      required: [type, status, lastTransitionTime, reason, message]
      properties:
        type: {type: string, maxLength: 316, description: What the condition speaks of.}
        status: {type: string, enum: ["True", "False", Unknown], description: Whether it holds.}
        observedGeneration: {type: integer, format: int64, minimum: 0, description: The generation of the spec that it speaks of.}
        lastTransitionTime: {type: string, format: date-time, description: When its status changed last.}
        reason: {type: string, minLength: 1, maxLength: 1024, description: "Why, for programs: one word."}
        message: {type: string, maxLength: 32768, description: "Why, for people: what is wrong and what to do."}
      """;

  /** As Kubernetes writes quantities, without sign and exponent. */
  private static final String QUANTITY = "^[0-9]+(\\.[0-9]+)?(k|[KMGTPE]i|[MGTPE])?$";

  private SchemaRefinement() {}

  static CustomResourceDefinition refine(CustomResourceDefinition crd) {
    // Gitkube's CRD has come from v1beta1 with true in it, which an apply keeps and which forbids
    // defaults in the schema.
    crd.getSpec().setPreserveUnknownFields(false);
    CustomResourceDefinitionVersion version = crd.getSpec().getVersions().getFirst();
    version.getAdditionalPrinterColumns().sort(byAnnotationOrder());
    JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
    root.setDescription(DESCRIPTION);
    JSONSchemaProps spec = property(root, "spec");
    spec.setDescription("What the author of the Remote asks for.");
    refineRecord(spec, RemoteSpec.class, true);
    JSONSchemaProps status = property(root, "status");
    status.setDescription("What the controller and gitd found.");
    refineRecord(status, RemoteStatus.class, false);
    return crd;
  }

  private static Comparator<CustomResourceColumnDefinition> byAnnotationOrder() {
    List<String> names =
        Arrays.stream(Remote.class.getAnnotationsByType(AdditionalPrinterColumn.class))
            .map(AdditionalPrinterColumn::name)
            .toList();
    return Comparator.comparingInt(column -> names.indexOf(column.getName()));
  }

  private static void refineRecord(JSONSchemaProps schema, Class<?> type, boolean nullable) {
    // For has() in a rule a nullable null is a value; any other null is dropped before.
    boolean ruled = type.getAnnotationsByType(ValidationRule.class).length > 0;
    for (RecordComponent component : type.getRecordComponents()) {
      JSONSchemaProps property = property(schema, component.getName());
      // The generator finds a component's rule at its field and at its accessor.
      property.setXKubernetesValidations(
          property.getXKubernetesValidations().stream().distinct().toList());
      // The API server replaces null by the default where there is one.
      if (nullable
          && !ruled
          && property.getDefault() == null
          && component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        property.setNullable(true);
      }
      refineType(property, component.getAnnotatedType(), nullable);
    }
  }

  private static void refineQuantity(JSONSchemaProps schema) {
    schema.setPattern(QUANTITY);
    schema.setMinimum(0.0);
  }

  private static void refineType(JSONSchemaProps schema, AnnotatedType type, boolean nullable) {
    switch (type.getType()) {
      case Class<?> it when it == Integer.class -> schema.setFormat("int32");
      case Class<?> it when it == Long.class -> schema.setFormat("int64");
      case Class<?> it when it == Quantity.class -> refineQuantity(schema);
      case Class<?> it when it.isRecord() -> refineRecord(schema, it, nullable);
      case ParameterizedType it when it.getRawType() == List.class ->
          refineItems(schema, elementType(type), nullable);
      default -> {}
    }
  }

  private static void refineItems(JSONSchemaProps list, AnnotatedType element, boolean nullable) {
    if (element.getType() == Condition.class) {
      list.setXKubernetesListType("map");
      list.setXKubernetesListMapKeys(List.of("type"));
      list.getItems().setSchema(Serialization.unmarshal(CONDITION, JSONSchemaProps.class));
    } else {
      JSONSchemaProps items = list.getItems().getSchema();
      if (nullable && element.isAnnotationPresent(Nullable.class)) {
        items.setNullable(true);
      }
      refineType(items, element, nullable);
    }
  }

  private static AnnotatedType elementType(AnnotatedType list) {
    return ((AnnotatedParameterizedType) list).getAnnotatedActualTypeArguments()[0];
  }

  private static JSONSchemaProps property(JSONSchemaProps schema, String name) {
    Map<String, JSONSchemaProps> properties = schema.getProperties();
    JSONSchemaProps property = properties.get(name);
    if (property == null) {
      throw new IllegalStateException("the generated schema has no property " + name);
    }
    return property;
  }
}
