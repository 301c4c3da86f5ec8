package dev.slipway.hooks.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repeats calls to the API server that failed for a reason that passes. */
public final class ApiCalls {
  private static final Logger log = LoggerFactory.getLogger(ApiCalls.class);
  private static final Set<Integer> PASSING = Set.of(0, 408, 409, 429, 500, 502, 503, 504);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Clock clock;
  private final Duration patience;

  /**
   * @param patience how long one call is repeated
   */
  public ApiCalls(Clock clock, Duration patience) {
    this.clock = clock;
    this.patience = patience;
  }

  /**
   * Calls, again and again if need be; so the call must be one that may be repeated.
   *
   * @throws KubernetesClientException when it still fails at the end, or for a reason that stays
   */
  public <T> T call(Supplier<T> call) throws InterruptedException {
    Instant giveUp = clock.instant().plus(patience);
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return call.get();
      } catch (KubernetesClientException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedException("interrupted in a call to the API server");
        }
        if (!PASSING.contains(e.getCode()) || clock.instant().plus(pause).isAfter(giveUp)) {
          throw e;
        }
        log.debug("The API server answered {}, trying again in {}", e.getCode(), pause);
        Thread.sleep(pause);
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
      }
    }
  }
}
