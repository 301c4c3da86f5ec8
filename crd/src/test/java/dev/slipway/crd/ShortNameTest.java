package dev.slipway.crd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShortNameTest {
  private static final String LONG = "a-name-that-goes-on-".repeat(5);

  @Test
  void keepsWhatFits() {
    assertThat(ShortName.labelValue("dev")).isEqualTo("dev");
  }

  @Test
  void keepsLongNamesApart() {
    assertThat(ShortName.labelValue(LONG + "1"))
        .hasSize(63)
        .startsWith("a-name-that-goes-on")
        .isNotEqualTo(ShortName.labelValue(LONG + "2"));
  }
}
