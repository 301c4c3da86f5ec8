package dev.slipway.hooks.job;

import dev.slipway.hooks.kube.LogLines;
import dev.slipway.hooks.kube.PodLog;
import dev.slipway.hooks.kube.PushThreads;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a container's log on a thread of its own, over as many streams as it takes: the end of a
 * stream is not the end of the log, and may be in the middle of a line. The log has ended where a
 * stream that was opened after the container's end comes no further than the one before.
 */
final class LogStream implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LogStream.class);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int TRIES_AFTER_END = 10;

  /** For an end that looks like a cut. */
  private static final int TRIES_AT_ODD_END = 3;

  private final String name;
  private final Source source;
  private final Consumer<String> lines;
  private final Duration pause;
  private final LogCursor cursor = new LogCursor();
  private final Thread thread;
  private final CountDownLatch containerEnd = new CountDownLatch(1);
  private volatile boolean readToItsEnd;
  private volatile boolean showing;
  private final AtomicLong reads = new AtomicLong();

  /** Opens the log. */
  @FunctionalInterface
  interface Source {
    /**
     * Once more.
     *
     * @param sinceTime RFC 3339, null for all
     */
    PodLog.Answer open(@Nullable String sinceTime) throws IOException, InterruptedException;
  }

  /**
   * @param name for gitd's own log
   * @param lines is told each line once, on a thread of this stream
   */
  LogStream(String name, Source source, Consumer<String> lines) {
    this(name, source, lines, PAUSE);
  }

  /**
   * The same.
   *
   * @param pause between the end of a stream and the next one, unless the container ends meanwhile
   */
  LogStream(String name, Source source, Consumer<String> lines, Duration pause) {
    this.name = name;
    this.source = source;
    this.lines = lines;
    this.pause = pause;
    this.thread = PushThreads.start("log-" + name, this::run);
  }

  /**
   * Says that the container has ended and waits until its log has been read to the end.
   *
   * @param patience how long nothing may come
   * @return whether it has been read to the end
   */
  boolean drain(Duration patience) throws InterruptedException {
    containerEnd.countDown();
    long before;
    do {
      before = reads.get();
      if (thread.join(patience)) {
        return readToItsEnd;
      }
    } while (showing || reads.get() != before);
    log.warn("The log of {} did not end in {}", name, patience);
    return false;
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      follow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.error("The log of {} cannot be followed", name, e);
    }
  }

  private void follow() throws InterruptedException {
    @Nullable String rest = null;
    int sameEnds = 0;
    int failures = 0;
    while (true) {
      boolean last = containerEnd.getCount() == 0;
      try {
        switch (source.open(cursor.resume())) {
          case PodLog.Answer.Open(InputStream bytes) -> {
            Reading reading = read(bytes);
            sameEnds = reading.lines() > 0 || !reading.rest().equals(rest) ? 0 : sameEnds + 1;
            rest = reading.rest();
            boolean odd = !rest.isEmpty() || !cursor.caughtUp();
            if (last && sameEnds >= (odd ? TRIES_AT_ODD_END : 1)) {
              end(rest);
              return;
            }
            failures = 0;
          }
          case PodLog.Answer.NotYet() -> failures++;
          case PodLog.Answer.Gone() -> {
            end(rest);
            return;
          }
        }
      } catch (IOException e) {
        log.debug("The log of {} broke off", name, e);
        failures++;
        rest = null;
      }
      if (!last) {
        failures = 0;
        // Every push waits for the last of them.
        var _ = containerEnd.await(pause.toMillis(), TimeUnit.MILLISECONDS);
      } else if (failures > TRIES_AFTER_END) {
        return;
      } else {
        Thread.sleep(pause);
      }
    }
  }

  /**
   * How a stream went that ended by itself.
   *
   * @param lines how many new ones it brought
   * @param rest what came after the last newline
   */
  private record Reading(int lines, String rest) {}

  private Reading read(InputStream bytes) throws IOException {
    int count = 0;
    try (InputStream counted = new Counted(bytes)) {
      LogLines split = new LogLines(counted);
      for (Optional<String> line = split.next(); line.isPresent(); line = split.next()) {
        Optional<String> text = cursor.read(line.get());
        text.ifPresent(this::show);
        count += text.isPresent() ? 1 : 0;
      }
      return new Reading(count, split.rest());
    }
  }

  private void end(@Nullable String rest) {
    Optional.ofNullable(rest).flatMap(cursor::readRest).ifPresent(this::show);
    readToItsEnd = true;
  }

  private void show(String line) {
    showing = true;
    try {
      lines.accept(line);
    } finally {
      showing = false;
    }
  }

  /** Lets it be seen that something comes. */
  private final class Counted extends FilterInputStream {
    Counted(InputStream bytes) {
      super(bytes);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = super.read(buffer, offset, length);
      reads.addAndGet(Math.max(0, count));
      return count;
    }
  }
}
