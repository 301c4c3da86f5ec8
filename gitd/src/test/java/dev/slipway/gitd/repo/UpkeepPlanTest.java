package dev.slipway.gitd.repo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.gitd.repo.UpkeepPlan.Decision;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class UpkeepPlanTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final long RESERVE = 100;

  private final UpkeepPlan plan =
      new UpkeepPlan(20, Duration.ofMinutes(10), Duration.ofDays(30), () -> RESERVE);

  @Test
  void manyPacksAreRepackedAfterAPause() {
    assertThat(plan.decide(19, 50, 1000, NOW)).isEqualTo(Decision.NOTHING);
    assertThat(plan.decide(20, 50, 1000, NOW)).isEqualTo(Decision.REPACK);
    plan.ran(NOW);
    assertThat(plan.decide(20, 50, 1000, NOW.plusSeconds(599))).isEqualTo(Decision.NOTHING);
    assertThat(plan.decide(20, 50, 1000, NOW.plusSeconds(600))).isEqualTo(Decision.REPACK);
  }

  @Test
  void shortageOfRoomWaitsForNothing() {
    plan.ran(NOW);

    assertThat(plan.decide(1, 50, 199, NOW)).isEqualTo(Decision.REPACK_WITHOUT_REFLOGS);
    assertThat(plan.decide(1, 50, 200, NOW)).isEqualTo(Decision.NOTHING);
  }

  @Test
  void newPacksMustFitBesideTheOldOnes() {
    assertThat(plan.decide(20, 900, 1000, NOW)).isEqualTo(Decision.REPACK);
    assertThat(plan.decide(20, 901, 1000, NOW)).isEqualTo(Decision.NO_ROOM);
    assertThat(plan.decide(1, 200, 199, NOW)).isEqualTo(Decision.NO_ROOM);
    assertThat(plan.decide(1, 1001, 1000, NOW)).isEqualTo(Decision.NOTHING);
  }
}
