package dev.slipway.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryPathTest {
  @ParameterizedTest
  @CsvSource({
    "web,web",
    "./web/,web",
    "a//b/./c,a/b/c",
    ".,''",
    "'',''",
    "\"web\",web",
    "“web”,web"
  })
  void readsWhatAuthorsWrite(String text, String normal) {
    assertThat(RepositoryPath.parse(text).value()).isEqualTo(normal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc", "..", "web/../../x", "a\\b", "a\nb", "\"/etc\""})
  void refusesWhatLeadsOutOfTheRepository(String text) {
    assertThatThrownBy(() -> RepositoryPath.parse(text))
        .isInstanceOf(RepositoryPath.InvalidPathException.class);
  }
}
