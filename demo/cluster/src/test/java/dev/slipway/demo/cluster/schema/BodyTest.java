package dev.slipway.demo.cluster.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"kind\":\"Thing\",\"size\":1}",
        "{\"kind\": Thing, size: 1}",
        "{kind: Thing, size: 1}\n",
        "kind: Thing\nsize: 1\n"
      })
  void readsYamlOfWhichJsonIsAPart(String text) {
    assertThat(read(text).value()).hasToString("{\"kind\":\"Thing\",\"size\":1}");
  }

  @Test
  void refusesWhatIsNeither() {
    assertThatThrownBy(() -> read("{\"kind\":")).hasMessageContaining("converting YAML to JSON");
  }

  private static Body read(String text) {
    return Body.yaml(text.getBytes(StandardCharsets.UTF_8), "Thing");
  }
}
