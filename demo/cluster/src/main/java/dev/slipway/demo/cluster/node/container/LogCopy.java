package dev.slipway.demo.cluster.node.container;

import dev.slipway.demo.cluster.node.kubelet.LogRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;

/** Sends the wanted part of a container's log, as a kubelet slices it. */
public final class LogCopy {
  private final ContainerLog log;
  private final LogRequest wanted;
  private final OutputStream to;
  private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
  private long left;
  private long skip;
  private boolean lineBegins = true;

  private LogCopy(ContainerLog log, LogRequest wanted, OutputStream to) {
    this.log = log;
    this.wanted = wanted;
    this.to = to;
    this.left = wanted.limitBytes().orElse(Long.MAX_VALUE);
  }

  /** Copies what there is, and with {@code follow} also what comes until the container's end. */
  public static void copy(ContainerLog log, LogRequest wanted, OutputStream to)
      throws IOException, InterruptedException {
    new LogCopy(log, wanted, to).run();
  }

  private void run() throws IOException, InterruptedException {
    int rotation = log.rotations();
    log.awaitMoreThan(-1, rotation);
    if (!Files.exists(log.file())) {
      return;
    }
    skip = wanted.tailLines().isPresent() ? pieces() - wanted.tailLines().getAsLong() : 0;
    try (var from = Files.newInputStream(log.file())) {
      long position = 0;
      var buffer = new byte[ContainerLog.PIECE];
      while (left > 0) {
        // Asked before reading: what comes before the end is then never missed.
        boolean ended = log.hasEnded();
        int count = from.read(buffer);
        if (log.rotations() != rotation) {
          return;
        }
        if (count > 0) {
          position += count;
          take(buffer, count);
          to.flush();
        } else if (!wanted.follow() || ended) {
          return;
        } else {
          log.awaitMoreThan(position, rotation);
        }
      }
    }
  }

  /** tailLines counts the pieces that long lines are kept in, not the lines. */
  private long pieces() throws IOException {
    long pieces = 0;
    try (InputStream from = Files.newInputStream(log.file())) {
      var buffer = new byte[ContainerLog.PIECE];
      int count;
      while ((count = from.read(buffer)) > 0) {
        for (int i = 0; i < count; i++) {
          pieces += buffer[i] == '\n' ? 1 : 0;
        }
      }
    }
    return pieces;
  }

  private void take(byte[] buffer, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      if (buffer[i] == '\n') {
        send(piece.toByteArray());
        piece.reset();
      } else {
        piece.write(buffer[i]);
      }
    }
  }

  private void send(byte[] stored) throws IOException {
    int timeEnd = 0;
    while (stored[timeEnd] != ' ') {
      timeEnd++;
    }
    var time = new String(stored, 0, timeEnd, StandardCharsets.US_ASCII);
    boolean whole = stored[timeEnd + 1] == 'F';
    boolean tooOld =
        wanted.since().filter(since -> Instant.parse(time).isBefore(since)).isPresent();
    if (skip-- > 0 || tooOld) {
      return;
    }
    if (wanted.timestamps() && lineBegins) {
      var head = (time + " ").getBytes(StandardCharsets.US_ASCII);
      write(head, 0, head.length);
    }
    write(stored, timeEnd + 3, stored.length - timeEnd - 3);
    if (whole) {
      write(new byte[] {'\n'}, 0, 1);
    }
    lineBegins = whole;
  }

  private void write(byte[] bytes, int from, int count) throws IOException {
    int allowed = (int) Math.min(left, count);
    to.write(bytes, from, allowed);
    left -= allowed;
  }
}
