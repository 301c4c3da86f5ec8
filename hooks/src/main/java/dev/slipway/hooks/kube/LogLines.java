package dev.slipway.hooks.kube;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Splits a log into its lines and holds at most the beginning of one of them: how long a line gets
 * is up to whoever prints it.
 *
 * <p>Only a newline ends a line: a carriage return is part of it.
 */
public final class LogLines {
  /** Bytes of a line that are kept; what follows is replaced by an ellipsis. */
  public static final int LIMIT = 64 * 1024;

  private static final int AT_ONCE = 8 * 1024;

  private final InputStream bytes;
  private final byte[] read = new byte[AT_ONCE];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private int from;
  private int to;
  private boolean cut;

  public LogLines(InputStream bytes) {
    this.bytes = bytes;
  }

  /** The next line that a newline ends, without it; empty when there is none any more. */
  public Optional<String> next() throws IOException {
    while (true) {
      int newline = from;
      while (newline < to && read[newline] != '\n') {
        newline++;
      }
      keep(newline - from);
      if (newline < to) {
        from = newline + 1;
        return Optional.of(take());
      }
      from = 0;
      to = Math.max(0, bytes.read(read));
      if (to == 0) {
        return Optional.empty();
      }
    }
  }

  /** What has come after the last newline; to be asked when there is no next line. */
  public String rest() {
    return take();
  }

  private void keep(int count) {
    int room = Math.min(count, LIMIT - line.size());
    line.write(read, from, room);
    cut |= room < count;
  }

  private String take() {
    String text = line.toString(StandardCharsets.UTF_8);
    String whole = cut ? text + "…" : text;
    line.reset();
    cut = false;
    return whole;
  }
}
