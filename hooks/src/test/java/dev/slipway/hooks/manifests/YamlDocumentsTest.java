package dev.slipway.hooks.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Texts that are made to keep a parser busy, or to make it fail. */
@Timeout(60)
class YamlDocumentsTest {
  @Test
  void refusesCollectionsAsKeysBeforeHashingThem() {
    StringBuilder bomb = new StringBuilder("a0: &a0 {x: 1}\n");
    for (int i = 1; i <= 24; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }

    assertRefused(bomb + "? *a24\n: 1\n", "line 25: a key must be a text");
  }

  @Test
  void refusesManyAliases() {
    assertRefused(
        "a: &a [x]\nb: [" + "*a, ".repeat(60) + "*a]\n",
        "Number of aliases for non-scalar nodes exceeds the specified max=50");
  }

  @Test
  void saysNothingOfAValueThatIsNotWhatItsTagSays() {
    assertRefused("pin: !!int secret", "holds a value that is not what its tag says");
    assertRefused("pin: !!float secret", "holds a value that is not what its tag says");
  }

  @Test
  void sharesItsLimitsAmongAllTexts() throws Exception {
    YamlDocuments yaml = new YamlDocuments();
    String many = "[" + "1, ".repeat(240_000) + "1]";

    assertThat(yaml.read(many)).hasSize(1);
    assertThat(yaml.read(many)).hasSize(1);
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> yaml.read(many))
        .withMessage("the manifests are too large or too deep");
  }

  private static void assertRefused(String text, String sentence) {
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> new YamlDocuments().read(text))
        .withMessage(sentence);
  }
}
