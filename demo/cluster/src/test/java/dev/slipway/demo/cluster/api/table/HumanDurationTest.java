package dev.slipway.demo.cluster.api.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanDurationTest {
  @ParameterizedTest
  @CsvSource({
    "PT5S,5s",
    "PT119S,119s",
    "PT3M20S,3m20s",
    "PT8M,8m",
    "PT20M,20m",
    "PT5H3M,5h3m",
    "PT30H,30h",
    "P3DT4H,3d4h",
    "P40D,40d"
  })
  void readsAsKubectlShowsAges(Duration duration, String text) {
    assertThat(HumanDuration.of(duration)).isEqualTo(text);
  }
}
