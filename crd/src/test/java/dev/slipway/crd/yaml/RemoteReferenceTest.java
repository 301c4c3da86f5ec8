package dev.slipway.crd.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RemoteReferenceTest {
  private static final Path FILE = Path.of("../docs/reference.md");
  private static final Path EXAMPLE = Path.of("../docs/remote.yaml");

  /** With {@code -Dslipway.crd.write=true} it writes the file first: that is {@code make crd}. */
  @Test
  void committedPageIsWhatTheRecordsSay() throws IOException {
    String derived = text();
    if (Boolean.getBoolean("slipway.crd.write")) {
      Files.writeString(FILE, derived);
    }
    assertThat(FILE).as("docs/reference.md, to be renewed with `make crd`").hasContent(derived);
  }

  @Test
  void everyFieldHasAnExample() throws IOException {
    assertThat(text().lines())
        .filteredOn(row -> row.startsWith("| `") && !row.contains("](#"))
        .isNotEmpty()
        .allMatch(row -> row.endsWith("` |"));
  }

  private static String text() throws IOException {
    JSONSchemaProps root =
        RemoteYaml.definition().getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
    return RemoteReference.text(
        root, Serialization.unmarshal(Files.readString(EXAMPLE), JsonNode.class));
  }
}
