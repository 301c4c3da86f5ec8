package dev.slipway.demo.cluster.api.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelSelectorTest {
  private static final Map<String, String> LABELS = Map.of("tier", "web", "team", "a");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tier=web",
        "tier==web,team!=b",
        "tier in (web, db)",
        "tier notin (db),team",
        "!other",
        "other!=x",
        "other notin (x)"
      })
  void admitsLabelsThatMeetEveryRequirement(String selector) {
    assertThat(LabelSelector.parse(selector).admits(LABELS)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tier=db", "tier!=web", "other", "!tier", "tier in (db)", "team,x=y"})
  void refusesLabelsThatMissOneRequirement(String selector) {
    assertThat(LabelSelector.parse(selector).admits(LABELS)).isFalse();
  }

  @Test
  void saysWhereASelectorCannotBeUnderstood() {
    assertThatThrownBy(() -> LabelSelector.parse("a=b=c"))
        .hasMessage("found '=', expected: ',' or 'end of string'");
  }
}
