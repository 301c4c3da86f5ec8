package dev.slipway.demo.cluster.kaniko;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/** Prints lines as Kaniko's logger does, in its three formats. */
final class KanikoLog {
  /** The formats by their names on the command line. */
  enum Format {
    JSON,
    TEXT,
    COLOR
  }

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._/@^+-]+");

  private final Format format;
  private final PrintStream to;
  private final Clock clock;
  private final Instant start;

  KanikoLog(Format format, PrintStream to, Clock clock) {
    this.format = format;
    this.to = to;
    this.clock = clock;
    this.start = clock.instant();
  }

  void info(String message) {
    raw(line(message));
  }

  /** What a RUN step prints, and the error at the end, come as they are. */
  void raw(String line) {
    raw((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  void raw(byte[] bytes) {
    to.write(bytes, 0, bytes.length);
    to.flush();
  }

  String line(String message) {
    var now = clock.instant();
    var time = now.truncatedTo(ChronoUnit.SECONDS);
    return switch (format) {
      case JSON ->
          "{\"level\":\"info\",\"msg\":\"%s\",\"time\":\"%s\"}".formatted(json(message), time);
      case TEXT -> "time=\"%s\" level=info msg=%s".formatted(time, quoted(message));
      case COLOR ->
          "\u001b[36mINFO\u001b[0m[%04d] %-44s "
              .formatted(Duration.between(start, now).toSeconds(), message);
    };
  }

  /** Go's encoder also escapes what HTML would read. */
  private static String json(String text) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(text))
        .replace("&", "\\u0026")
        .replace("<", "\\u003c")
        .replace(">", "\\u003e");
  }

  private static String quoted(String text) {
    return PLAIN.matcher(text).matches()
        ? text
        : '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
