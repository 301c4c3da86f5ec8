package dev.slipway.gitd;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When it is time to sleep. */
class SleepTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void itIsWhenItHasBeenIdleForLongEnough() {
    assertThat(Sleep.left(60, Duration.ofSeconds(20))).isEqualTo(Duration.ofSeconds(40));
    assertThat(Sleep.left(60, Duration.ofSeconds(60))).isZero();
    assertThat(Sleep.left(60, HOUR)).isZero();
  }

  @Test
  void itNeverIsForOneThatMayNot() {
    assertThat(Sleep.left(null, HOUR)).isGreaterThan(HOUR.multipliedBy(1000));
  }
}
