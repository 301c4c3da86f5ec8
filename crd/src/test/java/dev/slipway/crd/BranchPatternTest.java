package dev.slipway.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BranchPatternTest {
  @ParameterizedTest
  @CsvSource({
    "master,       master,        true",
    "master,       masters,       false",
    "release/*,    release/7,     true",
    "release/*,    release/7/fix, false",
    "release/*,    release,       false",
    "release/**,   release/7/fix, true",
    "**,           a/b/c,         true",
    "*,            a/b,           false",
    "v[0-9]*,      v7.1,          true",
    "v[0-9]*,      vx,            false",
    "'{qa,prod}',  prod,          true",
    "'feat{1}',    'feat{1}',     true"
  })
  void matchesAsItSays(String pattern, String branch, boolean matches) {
    assertThat(BranchPattern.parse(pattern).matches(branch)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "release/",
        "/master",
        "a//*",
        "a.lock",
        "!wip/*",
        "a\\",
        "a..b",
        "a:b",
        "a~1",
        "a^",
        "x@{1}",
        "v[0-9",
        "{qa,prod",
        "a\u0000b"
      })
  void refusesWhatNoBranchCanBeCalled(String pattern) {
    assertThatIllegalArgumentException().isThrownBy(() -> BranchPattern.parse(pattern));
  }
}
