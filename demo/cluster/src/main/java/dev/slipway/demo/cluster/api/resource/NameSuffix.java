package dev.slipway.demo.cluster.api.resource;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/** Completes {@code generateName} the way Kubernetes does: five characters without vowels. */
final class NameSuffix {
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
  private static final int LENGTH = 5;
  private static final int LONGEST_NAME = 63;

  private final RandomGenerator random = new SecureRandom();

  String appendTo(String prefix) {
    var name =
        new StringBuilder(prefix.substring(0, Math.min(prefix.length(), LONGEST_NAME - LENGTH)));
    for (int i = 0; i < LENGTH; i++) {
      name.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return name.toString();
  }
}
