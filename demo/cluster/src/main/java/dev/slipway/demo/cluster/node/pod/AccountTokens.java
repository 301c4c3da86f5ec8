package dev.slipway.demo.cluster.node.pod;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The tokens of one pod's ServiceAccount, each renewed when four fifths of its time are over. */
final class AccountTokens {
  /** Asks the API for a new token. */
  interface Issuer {
    String token(Optional<String> audience, long seconds);
  }

  private record Wish(Optional<String> audience, long seconds) {}

  private record Token(String text, Instant renewal) {}

  private final Issuer issuer;
  private final InstantSource clock;
  private final Map<Wish, Token> tokens = new HashMap<>();

  AccountTokens(Issuer issuer, InstantSource clock) {
    this.issuer = issuer;
    this.clock = clock;
  }

  synchronized String get(Optional<String> audience, long seconds) {
    var now = clock.instant();
    return tokens
        .compute(
            new Wish(audience, seconds),
            (_, known) ->
                known != null && now.isBefore(known.renewal())
                    ? known
                    : new Token(
                        issuer.token(audience, seconds),
                        now.plus(Duration.ofSeconds(seconds * 4 / 5))))
        .text();
  }
}
