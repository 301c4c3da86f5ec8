package dev.slipway.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeaseGuardTest {
  private static final Instant RENEWED = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicInteger over = new AtomicInteger();
  private Instant now = RENEWED;
  private Supplier<Optional<Instant>> answer = () -> Optional.of(RENEWED);

  private final Clock clock =
      new Clock() {
        @Override
        public Instant instant() {
          return now;
        }

        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }
      };

  private final LeaseGuard guard =
      new LeaseGuard(() -> answer.get(), Duration.ofSeconds(10), clock, over::incrementAndGet);

  @AfterEach
  void close() {
    guard.close();
  }

  @Test
  void mayActForAWhileAfterItsRenewal() {
    guard.look();
    now = RENEWED.plusSeconds(10);
    guard.judge();
    assertThat(over).hasValue(0);

    now = RENEWED.plusMillis(10_001);
    guard.judge();
    assertThat(over).hasValue(1);
  }

  @Test
  void whatIsNotAnsweredIsNoRenewal() {
    guard.look();
    answer =
        () -> {
          throw new KubernetesClientException("no answer");
        };
    now = RENEWED.plusSeconds(9);
    guard.look();
    guard.judge();
    assertThat(over).hasValue(0);

    now = RENEWED.plusSeconds(11);
    guard.look();
    guard.judge();
    assertThat(over).hasValue(1);
  }

  @Test
  void countsFromTheRenewalAndNotFromItsAnswer() {
    now = RENEWED.plusSeconds(11);
    guard.look();
    guard.judge();
    assertThat(over).hasValue(1);
  }

  @Test
  void isOverWhenAnotherOneHoldsIt() {
    guard.look();
    answer = Optional::empty;
    guard.look();
    guard.judge();
    assertThat(over).hasValue(1);
  }
}
