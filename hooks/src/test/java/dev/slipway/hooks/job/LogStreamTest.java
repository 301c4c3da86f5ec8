package dev.slipway.hooks.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.hooks.Recordings;
import dev.slipway.hooks.kube.PodLog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogStreamTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(100);

  private static final List<String> LOG =
      List.of(
          "2026-11-21T07:42:28.100000001Z one",
          "2026-11-21T07:42:28.900000002Z Grüße\r20%",
          "2026-11-21T07:42:28.9Z ",
          "2026-11-21T07:42:29.500000001Z four",
          "2026-11-21T07:42:29.500000000Z out of order",
          "2026-11-21T07:42:30Z six");
  private static final List<String> TEXTS =
      List.of("one", "Grüße\r20%", "", "four", "out of order", "six");

  /**
   * An API server that loses the kubelet ends the body as if it were complete.
   *
   * @param cuts how many streams in a row are cut there
   */
  @ParameterizedTest(name = "{0} cut")
  @ValueSource(ints = {1, 2})
  void losesAndDoublesNothingWhereverAStreamIsCut(int cuts) throws Exception {
    byte[] whole = bytes(LOG, null);
    int positions = whole.length;
    Map<Integer, List<String>> shown = new LinkedHashMap<>();
    List<LogStream> streams = new ArrayList<>();
    for (int at = 1; at < positions; at++) {
      int cut = at;
      AtomicInteger opened = new AtomicInteger();
      List<String> lines = new CopyOnWriteArrayList<>();
      shown.put(at, lines);
      streams.add(
          new LogStream(
              "cut-" + at,
              since -> {
                byte[] bytes = bytes(LOG, since);
                int end = opened.incrementAndGet() <= cuts ? Math.min(cut, bytes.length) : -1;
                return open(bytes, end < 0 ? bytes.length : end);
              },
              lines::add));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> ends = new ArrayList<>();
      streams.forEach(stream -> ends.add(() -> stream.drain(LONG)));
      for (Future<Boolean> end : threads.invokeAll(ends)) {
        assertThat(end.get()).isTrue();
      }
    }

    for (int at = 1; at < positions; at++) {
      // Where two streams end after the same whole line, nobody can tell that the log goes on.
      if (cuts == 1 || whole[at - 1] != '\n') {
        assertThat(shown.get(at)).as("cut after %d bytes", at).isEqualTo(TEXTS);
      }
    }
  }

  @Test
  void showsALastLineWithoutANewlineOnceItIsTheEnd() throws Exception {
    List<String> lines = new CopyOnWriteArrayList<>();
    byte[] log = "2026-11-21T07:42:28Z one\n2026-11-21T07:42:29Z tail".getBytes(UTF_8);
    CountDownLatch twice = new CountDownLatch(2);
    LogStream stream =
        new LogStream(
            "tail",
            since -> {
              twice.countDown();
              return open(log, log.length);
            },
            lines::add);
    twice.await();
    assertThat(lines).containsExactly("one");

    assertThat(stream.drain(LONG)).isTrue();

    assertThat(lines).containsExactly("one", "tail");
  }

  @Test
  void waitsForNothingMoreOnceTheContainerHasEnded() throws Exception {
    List<String> lines = new CopyOnWriteArrayList<>();
    CountDownLatch opened = new CountDownLatch(1);
    Duration pause = LONG.multipliedBy(2);
    LogStream stream =
        new LogStream(
            "ended",
            since -> {
              opened.countDown();
              byte[] bytes = bytes(LOG, since);
              return open(bytes, bytes.length);
            },
            lines::add,
            pause);
    opened.await();

    assertThat(stream.drain(LONG)).isTrue();

    assertThat(lines).isEqualTo(TEXTS);
  }

  /** What comes again when a log is resumed is recorded from a real API server. */
  @Test
  void resumesARecordedLog() throws Exception {
    byte[] whole = recorded("13-follow-timestamps");
    byte[] since = recorded("15-since-time");
    List<String> lines = new CopyOnWriteArrayList<>();
    LogStream stream =
        new LogStream(
            "ticker",
            from ->
                switch (from) {
                  // In the middle of the third line.
                  case null -> open(whole, 100);
                  case "2026-11-21T07:42:28Z" -> open(since, since.length);
                  default -> open(lastLine(whole), lastLine(whole).length);
                },
            lines::add);

    assertThat(stream.drain(LONG)).isTrue();

    assertThat(lines)
        .containsExactly(
            "tick 1", "tick 2", "tick 3", "tick 4", "tick 5", "tick 6", "tick 7", "tick 8", "err");
  }

  @Test
  void readsARecordedLogOfOddLines() throws Exception {
    byte[] log = Recordings.present().bytes("e-logs/bytes.timestamps.bin");
    List<String> lines = new CopyOnWriteArrayList<>();
    LogStream stream = new LogStream("bytes", since -> open(log, log.length), lines::add);

    assertThat(stream.drain(LONG)).isTrue();

    assertThat(lines)
        .hasSize(7)
        .startsWith(
            "Grüße, 日本語, 😀 ÷", "tab\tcr\rover", "\u001b[32mgreen\u001b[0m", "bad \ufffd byte", "")
        .endsWith("no newline at end");
    assertThat(lines.get(5)).hasSize(40_003).endsWith("xEND");
  }

  @Test
  void goesOnAfterWhatIsNoTimestamp() throws Exception {
    List<String> lines = new CopyOnWriteArrayList<>();
    byte[] log = "2026-11-21T07:42:28. x\n2026-11-21T07:42:29Z two\n".getBytes(UTF_8);
    LogStream stream = new LogStream("odd", since -> open(log, log.length), lines::add);

    assertThat(stream.drain(LONG)).isTrue();

    assertThat(lines).containsExactly("2026-11-21T07:42:28. x", "two");
  }

  /** A build that prints faster than it can be shown has its error at the end. */
  @Test
  void waitsForTheEndOfALogAsLongAsItIsBeingShown() throws Exception {
    Duration patience = Duration.ofSeconds(2);
    List<String> lines = new CopyOnWriteArrayList<>();
    byte[] log = bytes(LOG, null);
    LogStream stream =
        new LogStream(
            "slow",
            since -> open(log, log.length),
            line -> {
              if (lines.isEmpty()) {
                sleep(patience.plusSeconds(1));
              }
              lines.add(line);
            });

    assertThat(stream.drain(patience)).isTrue();

    assertThat(lines).isEqualTo(TEXTS);
  }

  @Test
  void saysThatItHasNotReadALogOfWhichNothingComes() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (LogStream stream =
        new LogStream(
            "stuck",
            since -> {
              never.await();
              return new PodLog.Answer.NotYet();
            },
            line -> {})) {
      assertThat(stream.drain(SHORT)).isFalse();
    }
  }

  @Test
  void saysThatItHasNotReadALogThatCannotBeShown() throws Exception {
    byte[] log = bytes(LOG, null);
    LogStream stream =
        new LogStream(
            "broken",
            since -> open(log, log.length),
            line -> {
              throw new IllegalStateException("a defect");
            });

    assertThat(stream.drain(LONG)).isFalse();
  }

  private static byte[] recorded(String name) throws IOException {
    return Base64.getDecoder()
        .decode(
            Recordings.present()
                .json("e-logs/" + name + ".json")
                .path("response")
                .path("base64")
                .asText());
  }

  private static byte[] lastLine(byte[] log) {
    return (new String(log, UTF_8).lines().toList().getLast() + "\n").getBytes(UTF_8);
  }

  private static PodLog.Answer open(byte[] log, int end) {
    InputStream bytes = new ByteArrayInputStream(log, 0, end);
    return new PodLog.Answer.Open(bytes);
  }

  /** As the API answers: what is older than the whole second does not come. */
  private static byte[] bytes(List<String> log, @Nullable String since) {
    return log.stream()
        .filter(line -> since == null || !time(line).isBefore(time(since)))
        .map(line -> line + "\n")
        .collect(Collectors.joining())
        .getBytes(UTF_8);
  }

  private static OffsetDateTime time(String line) {
    return OffsetDateTime.parse(line.split(" ", 2)[0]);
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
