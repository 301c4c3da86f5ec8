package dev.slipway.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class FrontSettingsTest {
  @Test
  void readsHostsWithAndWithoutAPort() {
    assertThat(parse("git.example")).isEqualTo(settings("git.example", 22));
    assertThat(parse("203.0.113.7:2222")).isEqualTo(settings("203.0.113.7", 2222));
    assertThat(parse("[2001:db8::1]:2222")).isEqualTo(settings("2001:db8::1", 2222));
    assertThat(parse("").host()).isEmpty();
    assertThat(FrontSettings.parse("system/front", "", "", 60).service()).isEmpty();
  }

  @Test
  void refusesWhatIsNeither() {
    assertThatThrownBy(() -> parse("git.example:ssh")).hasMessageContaining("--front-host");
    assertThatThrownBy(() -> FrontSettings.parse("front", "", "", 60))
        .hasMessageContaining("--front-secret");
  }

  private static FrontSettings parse(String host) {
    return FrontSettings.parse("system/front", "gitkubed", host, 60);
  }

  private static FrontSettings settings(String host, int port) {
    return new FrontSettings(
        "system", "front", Optional.of("gitkubed"), Optional.of(host), port, 60);
  }
}
