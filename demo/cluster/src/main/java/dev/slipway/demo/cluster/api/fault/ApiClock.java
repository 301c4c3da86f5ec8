package dev.slipway.demo.cluster.api.fault;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The API server's time, which a fault can put ahead of everybody else's. */
final class ApiClock extends Clock {
  private volatile Duration ahead = Duration.ZERO;

  void putAhead(Duration time) {
    ahead = time;
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return zone.equals(ZoneOffset.UTC) ? this : Clock.offset(system(zone), ahead);
  }
}
