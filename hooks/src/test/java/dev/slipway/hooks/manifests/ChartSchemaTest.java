package dev.slipway.hooks.manifests;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChartSchemaTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"$ref\": \"file:///var/run/secrets/kubernetes.io/serviceaccount/token\"}",
        "{\"$ref\": \"other.json\"}",
        "{\"$ref\": \"/etc/passwd\"}",
        "{\"$ref\": \"//169.254.169.254/latest\"}",
        "{\"properties\": {\"a\": {\"allOf\": [{\"$ref\": \"http://10.0.0.1/\"}]}}}",
        "{\"$defs\": {\"a\": {\"$dynamicRef\": \"http://10.0.0.1/#a\"}}}",
        "{\"$schema\": \"http://10.0.0.1/schema\"}",
        "{\"$schema\": \"http://json-schema.org.example/draft-07/schema#\"}",
        "{\"$\\u0072ef\": \"http://10.0.0.1/\"}",
      })
  void refusesWhatLeadsOut(String schema) {
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> ChartSchema.check(schema.getBytes(StandardCharsets.UTF_8)))
        .withMessageStartingWith("refers to ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{\"$ref\": \"http://10.0.0.1/\", \"$ref\": \"#\"}"})
  void refusesWhatTwoReadersMayReadDifferently(String schema) {
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> ChartSchema.check(schema.getBytes(StandardCharsets.UTF_8)))
        .withMessage("is no JSON");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"$ref\": \"#/$defs/a\","
            + " \"$defs\": {\"a\": {\"type\": \"object\"}}}",
        "{\"$id\": \"https://shop.example/values\", \"properties\": {\"$ref\": {\"type\":"
            + " \"string\"}}}",
        "true",
      })
  void takesWhatStaysWithin(String schema) {
    assertThatCode(() -> ChartSchema.check(schema.getBytes(StandardCharsets.UTF_8)))
        .doesNotThrowAnyException();
  }
}
