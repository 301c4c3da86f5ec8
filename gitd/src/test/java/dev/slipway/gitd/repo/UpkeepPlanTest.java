package dev.slipway.gitd.repo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.gitd.repo.UpkeepPlan.Work;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class UpkeepPlanTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final long RESERVE = 100;

  private final UpkeepPlan plan =
      new UpkeepPlan(20, Duration.ofMinutes(10), Duration.ofDays(30), () -> RESERVE);

  @Test
  void manyPacksAreMergedAfterAPause() {
    assertThat(plan.decide(19, 1000, NOW).isNothing()).isTrue();
    assertThat(plan.decide(20, 1000, NOW)).isEqualTo(new Work(false, true));
    plan.ran(NOW);
    assertThat(plan.decide(20, 1000, NOW.plusSeconds(599)).isNothing()).isTrue();
    assertThat(plan.decide(20, 1000, NOW.plusSeconds(600))).isEqualTo(new Work(false, true));
  }

  @Test
  void shortageOfRoomWaitsForNothing() {
    assertThat(plan.decide(20, 199, NOW)).isEqualTo(new Work(true, true));
    plan.ran(NOW);

    assertThat(plan.decide(1, 199, NOW)).isEqualTo(new Work(true, false));
    assertThat(plan.decide(1, 200, NOW).isNothing()).isTrue();
  }

  @Test
  void reserveIsTouchedOnlyWhenThereIsLittleElse() {
    assertThat(plan.room(1000)).isEqualTo(900);
    assertThat(plan.room(199)).isEqualTo(199);
  }
}
