package dev.slipway.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes damaged inputs out of good ones, the same ones every time. */
final class Mutations {
  private static final int MAX_BYTES = 1 << 14;

  /** What parsers stumble over, whatever they parse. */
  private static final List<byte[]> TROUBLE =
      List.of(
              "\0",
              "\n",
              "\r\n",
              "\r",
              "\t",
              " ",
              "\"",
              "'",
              "\\",
              "\\\"",
              "`",
              "/",
              "//",
              "..",
              "../",
              "/../",
              ".",
              "~",
              "-",
              "--",
              ":",
              "@",
              "@{",
              ",",
              "=",
              "!",
              "#",
              "$(",
              "${",
              "*",
              "**",
              "?",
              "[",
              "]",
              "{",
              "}",
              "{}",
              "[]",
              "&a",
              "*a",
              "<<: ",
              "%2e%2e%2f",
              "\u001b",
              "\u001b[2J",
              "\u001b]0;",
              "\u0007",
              "\u0085",
              "\u009b",
              "\u200e",
              "\u2028",
              "\u202e",
              "\ufeff",
              "\u00a0",
              "\ud83d\ude80",
              "null",
              "true",
              "-1",
              "0",
              "1e999",
              "99999999999999999999",
              "ssh-ed25519 AAAA")
          .stream()
          .map(it -> it.getBytes(StandardCharsets.UTF_8))
          .toList();

  private final List<byte[]> seeds;
  private final Random random;

  /**
   * @param seed of the order in which they come
   */
  Mutations(List<byte[]> seeds, long seed) {
    this.seeds = seeds;
    this.random = new Random(seed);
  }

  byte[] next() {
    byte[] input = any(seeds);
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      input = changed(input);
    }
    return input.length <= MAX_BYTES ? input : Arrays.copyOf(input, MAX_BYTES);
  }

  private byte[] changed(byte[] input) {
    int from = random.nextInt(input.length + 1);
    int to = from + random.nextInt(Math.min(input.length - from, 64) + 1);
    return switch (random.nextInt(7)) {
      case 0 -> replaced(input, from, from, any(TROUBLE));
      case 1 -> replaced(input, from, to, any(TROUBLE));
      case 2 -> replaced(input, from, to, new byte[0]);
      case 3 -> replaced(input, from, from, noise());
      case 4 -> replaced(input, from, to, repeated(Arrays.copyOfRange(input, from, to)));
      case 5 -> replaced(input, from, to, piece(any(seeds)));
      default -> flipped(input);
    };
  }

  private byte[] flipped(byte[] input) {
    byte[] changed = input.clone();
    if (changed.length > 0) {
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return changed;
  }

  private byte[] noise() {
    byte[] bytes = new byte[1 + random.nextInt(8)];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] repeated(byte[] piece) {
    var bytes = new ByteArrayOutputStream();
    for (int times = 2 << random.nextInt(6); times > 0; times--) {
      bytes.writeBytes(piece);
    }
    return bytes.toByteArray();
  }

  private byte[] piece(byte[] input) {
    int from = random.nextInt(input.length + 1);
    return Arrays.copyOfRange(input, from, from + random.nextInt(input.length - from + 1));
  }

  private byte[] any(List<byte[]> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static byte[] replaced(byte[] input, int from, int to, byte[] by) {
    var bytes = new ByteArrayOutputStream();
    bytes.write(input, 0, from);
    bytes.writeBytes(by);
    bytes.write(input, to, input.length - to);
    return bytes.toByteArray();
  }
}
