package dev.slipway.demo.cluster.node.container;

import dev.slipway.demo.cluster.node.kubelet.LogRequest;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what one run of a container prints, each piece with its time.
 *
 * <p>The file has one piece on each line: time, {@code F} for a whole line or {@code P} for one
 * that goes on (or ends without a newline), and the bytes as they came. Like a real node it cuts
 * lines into pieces of 16384 bytes and holds an unfinished one back.
 */
public final class ContainerLog {
  static final int PIECE = 16384;
  private static final Logger log = LoggerFactory.getLogger(ContainerLog.class);
  private static final DateTimeFormatter NANOS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z'").withZone(ZoneOffset.UTC);

  private final Path file;
  private final Clock clock;
  private final CountDownLatch taken = new CountDownLatch(1);
  private final Object change = new Object();
  private boolean ended;
  private int rotations;

  public ContainerLog(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  Path file() {
    return file;
  }

  /** Takes all that comes, in a thread of its own, until its end. */
  void take(InputStream output) {
    Thread.ofVirtual()
        .name("log " + file.getFileName())
        .start(
            () -> {
              try (output;
                  var to = new BufferedOutputStream(appended())) {
                copy(output, to);
              } catch (IOException e) {
                log.debug("The log {} ends early", file, e);
              } finally {
                end();
              }
            });
  }

  /** Appends, so that a file which was rotated goes on at its new end. */
  private OutputStream appended() throws IOException {
    return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Forgets what there is; whoever follows it is done. */
  public void rotate() throws IOException {
    synchronized (change) {
      try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(0);
      }
      rotations++;
      change.notifyAll();
    }
  }

  /** How often it has been rotated. */
  int rotations() {
    synchronized (change) {
      return rotations;
    }
  }

  private void copy(InputStream output, OutputStream to) throws IOException {
    var piece = new ByteArrayOutputStream();
    var buffer = new byte[PIECE];
    int count;
    while ((count = output.read(buffer)) >= 0) {
      // A rotation must not come between the parts of a line.
      synchronized (change) {
        boolean complete = false;
        for (int i = 0; i < count; i++) {
          if (buffer[i] == '\n') {
            write(to, piece, 'F');
            complete = true;
          } else {
            piece.write(buffer[i]);
            if (piece.size() == PIECE) {
              write(to, piece, 'P');
              complete = true;
            }
          }
        }
        if (complete) {
          to.flush();
          change.notifyAll();
        }
      }
    }
    if (piece.size() > 0) {
      write(to, piece, 'P');
    }
  }

  private void write(OutputStream to, ByteArrayOutputStream piece, char kind) throws IOException {
    var head = NANOS.format(Instant.now(clock)) + " " + kind + " ";
    to.write(head.getBytes(StandardCharsets.US_ASCII));
    piece.writeTo(to);
    to.write('\n');
    piece.reset();
  }

  private void end() {
    synchronized (change) {
      ended = true;
      change.notifyAll();
    }
    taken.countDown();
  }

  boolean hasEnded() {
    synchronized (change) {
      return ended;
    }
  }

  /** Waits until there is more than so many bytes, or no more will come, or it is rotated. */
  void awaitMoreThan(long bytes, int rotation) throws IOException, InterruptedException {
    synchronized (change) {
      while (!ended
          && rotations == rotation
          && (!Files.exists(file) || Files.size(file) <= bytes)) {
        change.wait();
      }
    }
  }

  /** The last lines, without their times. */
  public String last(int lines) throws IOException, InterruptedException {
    var text = new ByteArrayOutputStream();
    LogCopy.copy(
        this,
        new LogRequest(
            "",
            "",
            "",
            "",
            false,
            false,
            false,
            Optional.empty(),
            OptionalLong.of(lines),
            OptionalLong.empty()),
        text);
    return text.toString(StandardCharsets.UTF_8);
  }

  /** Waits until all that the container has printed is in the file. */
  public void awaitEnd() throws InterruptedException {
    taken.await();
  }
}
