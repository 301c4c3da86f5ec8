package dev.slipway.demo.cluster.api.fault;

import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Makes everything come late, each time by another time, as long as the cluster lives: whoever
 * takes an order for granted that nobody has promised is found out. It does so where {@code
 * SLIPWAY_SHAKE} has a seed.
 */
public final class Shake {
  private static final Optional<Random> SEEDED =
      Optional.ofNullable(System.getenv("SLIPWAY_SHAKE"))
          .filter(Predicate.not(String::isEmpty))
          .map(seed -> new Random(Long.parseLong(seed)));

  private Shake() {}

  /** So many milliseconds at most; none where nothing is shaken. */
  public static int upTo(int milliseconds) {
    return SEEDED.map(random -> random.nextInt(milliseconds + 1)).orElse(0);
  }
}
