package dev.slipway.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.model.Names;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @Test
  void derivesPlainNamesFromAPlainName() {
    assertThat(Names.of("dev"))
        .isEqualTo(
            new Names(
                "dev-gitd",
                "dev-gitd-context",
                "dev-gitd-config",
                "dev-gitd-host-key",
                "dev-gitd-tokens",
                "dev-builds",
                "dev"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1dev",
        "dev.example",
        "a-very-long-name-of-a-remote-that-is-still-a-good-name-0123456789",
        "dots.and.more.dots.and.more.dots.and.more.dots.and.more.dots.and.more.dots.and.more"
      })
  void derivesNamesThatEveryKindAccepts(String remote) {
    Names names = Names.of(remote);
    assertThat(
            Stream.of(
                names.gitd(),
                names.context(),
                names.configSecret(),
                names.hostKeySecret(),
                names.tokensSecret(),
                names.builds()))
        .doesNotHaveDuplicates()
        .allSatisfy(name -> assertThat(name).matches("[a-z]([-a-z0-9]{0,61}[a-z0-9])?"));
    assertThat(names.instance()).matches("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
  }

  @Test
  void keepsNamesApartThatDifferOnlyInADot() {
    assertThat(Names.of("a.b").gitd()).isNotEqualTo(Names.of("a-b").gitd());
  }
}
