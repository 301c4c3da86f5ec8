package dev.slipway.gitd;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Files that cannot be compressed, the same in each run. */
public final class Noise {
  private static final int BLOCK = 1 << 20;

  private Noise() {}

  public static void write(Path file, int bytes) throws IOException {
    byte[] block = new byte[BLOCK];
    Random random = new Random(file.getFileName().hashCode());
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int left = bytes; left > 0; left -= BLOCK) {
        random.nextBytes(block);
        out.write(block, 0, Math.min(left, BLOCK));
      }
    }
  }
}
