package dev.slipway.controller.dependent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import org.junit.jupiter.api.Test;

class OwnWritesTest {
  private static final ResourceID ID = new ResourceID("keys", "team");

  private final OwnWrites writes = new OwnWrites();

  @Test
  void includeAnEventThatComesBeforeTheAnswer() {
    writes.begin(ID);

    assertThat(writes.mayInclude(version("7"))).isTrue();

    writes.settle(ID, "7", "a");
    assertThat(writes.end(ID)).isFalse();
  }

  @Test
  void includeAnEventThatComesAfterTheAnswer() {
    writes.begin(ID);
    writes.settle(ID, "7", "a");

    assertThat(writes.end(ID)).isFalse();
    assertThat(writes.mayInclude(version("7"))).isTrue();
  }

  @Test
  void endWithNewsWhenSomebodyElseWroteMeanwhile() {
    writes.begin(ID);
    writes.mayInclude(version("7"));
    writes.mayInclude(version("8"));
    writes.settle(ID, "7", "a");

    assertThat(writes.end(ID)).isTrue();
  }

  @Test
  void endWithNewsWhenTheyCameToNothing() {
    writes.begin(ID);
    writes.mayInclude(version("8"));

    assertThat(writes.end(ID)).isTrue();
  }

  @Test
  void includeNothingThatSomebodyElseWroteLater() {
    writes.begin(ID);
    writes.settle(ID, "7", "a");
    writes.end(ID);

    assertThat(writes.mayInclude(version("8"))).isFalse();
    assertThat(writes.haveLedTo(version("8"), "a")).isFalse();
  }

  @Test
  void haveLedToJustWhatWasApplied() {
    writes.settle(ID, "7", "a");

    assertThat(writes.haveLedTo(version("7"), "a")).isTrue();
    assertThat(writes.haveLedTo(version("7"), "b")).isFalse();
  }

  @Test
  void includeNothingOfAnObjectThatIsForgotten() {
    writes.settle(ID, "7", "a");

    writes.forget(ID);

    assertThat(writes.mayInclude(version("7"))).isFalse();
  }

  private static HasMetadata version(String version) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName("keys")
        .withNamespace("team")
        .withResourceVersion(version)
        .endMetadata()
        .build();
  }
}
