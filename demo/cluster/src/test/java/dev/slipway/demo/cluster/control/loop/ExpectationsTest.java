package dev.slipway.demo.cluster.control.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ExpectationsTest {
  private static final Key OWNER = new Key("shop", "web");

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final Expectations expectations = new Expectations(now::get);

  @Test
  void waitsUntilEveryWriteWasSeen() {
    expectations.expectCreations(OWNER, 1);
    expectations.expectChange(OWNER, "uid");

    expectations.creationSeen(OWNER);
    assertThat(expectations.fulfilled(OWNER)).isFalse();
    expectations.changeSeen(OWNER, "uid");
    assertThat(expectations.fulfilled(OWNER)).isTrue();
  }

  @Test
  void ignoresWhatNobodyExpects() {
    expectations.creationSeen(OWNER);
    expectations.changeSeen(OWNER, "uid");
    expectations.expectCreations(OWNER, 1);

    assertThat(expectations.fulfilled(OWNER)).isFalse();
  }

  @Test
  void trustsThePictureAgainWhenAChangeIsNeverShown() {
    expectations.expectCreations(OWNER, 1);
    now.set(Instant.EPOCH.plus(Expectations.PATIENCE).plusSeconds(1));

    assertThat(expectations.fulfilled(OWNER)).isTrue();
  }
}
