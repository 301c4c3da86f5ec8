package dev.slipway.fuzz;

/**
 * What a fuzz test does with the bytes of a stranger. Jazzer finds the same method by its name,
 * {@code fuzzerTestOneInput}.
 */
@FunctionalInterface
public interface FuzzTarget {
  /** Throws whatever it likes if a promise of the parser does not hold for these bytes. */
  void accept(byte[] input) throws Exception;
}
