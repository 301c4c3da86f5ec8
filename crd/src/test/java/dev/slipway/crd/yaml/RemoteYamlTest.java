package dev.slipway.crd.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RemoteYamlTest {
  private static final Path FILE = Path.of("remote.yaml");

  /** With {@code -Dslipway.crd.write=true} it writes the file first: that is {@code make crd}. */
  @Test
  void committedFileIsWhatTheRecordsSay() throws IOException {
    String derived = RemoteYaml.text();
    if (Boolean.getBoolean("slipway.crd.write")) {
      Files.writeString(FILE, derived);
    }
    assertThat(FILE).as("crd/remote.yaml, to be renewed with `make crd`").hasContent(derived);
  }

  @Test
  void everyFieldIsDescribed() {
    assertThat(fields("", schema()).filter(field -> field.schema().getDescription() == null))
        .extracting(Field::path)
        .isEmpty();
  }

  @Test
  void everyFieldOfSpecMayBeNullOrHasADefault() {
    assertThat(
            fields("", schema())
                .filter(field -> field.path().startsWith(".spec.") && !field.ruled())
                .filter(field -> !Boolean.TRUE.equals(field.schema().getNullable()))
                .filter(field -> field.schema().getDefault() == null))
        .extracting(Field::path)
        .isEmpty();
  }

  /** What is not nullable is dropped when it is null; has() takes any other null for a value. */
  @Test
  void noRuleSeesANull() {
    assertThat(fields("", schema()).filter(Field::ruled))
        .isNotEmpty()
        .noneMatch(field -> Boolean.TRUE.equals(field.schema().getNullable()));
  }

  @Test
  void showsReadyUrlLastPushAndAgeInThisOrder() {
    assertThat(version().getAdditionalPrinterColumns())
        .extracting(CustomResourceColumnDefinition::getName)
        .containsExactly("READY", "URL", "LAST PUSH", "AGE");
  }

  private record Field(String path, JSONSchemaProps schema, boolean ruled) {}

  private static CustomResourceDefinitionVersion version() {
    return RemoteYaml.definition().getSpec().getVersions().getFirst();
  }

  private static JSONSchemaProps schema() {
    return version().getSchema().getOpenAPIV3Schema();
  }

  private static Stream<Field> fields(String path, JSONSchemaProps schema) {
    if (schema.getItems() != null) {
      return fields(path + "[]", schema.getItems().getSchema());
    }
    Map<String, JSONSchemaProps> properties = schema.getProperties();
    boolean ruled =
        schema.getXKubernetesValidations() != null && !schema.getXKubernetesValidations().isEmpty();
    return properties == null
        ? Stream.of()
        : properties.entrySet().stream()
            .flatMap(
                entry -> {
                  String child = path + "." + entry.getKey();
                  return Stream.concat(
                      Stream.of(new Field(child, entry.getValue(), ruled)),
                      fields(child, entry.getValue()));
                });
  }
}
