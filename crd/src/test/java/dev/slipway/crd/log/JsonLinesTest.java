package dev.slipway.crd.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class JsonLinesTest {
  private final LoggerContext context = new LoggerContext();
  private final Logger logger = context.getLogger("dev.slipway.gitd.receive.PushLog");
  private final JsonLines lines = new JsonLines();

  @BeforeEach
  void start() {
    context.setMDCAdapter(new LogbackMDCAdapter());
    lines.setContext(context);
    lines.start();
  }

  @Test
  void keepsNumbersListsAndMapsWhatTheyAre() throws IOException {
    LoggingEvent event = event("push of {}", null, "dev");
    event.setInstant(Instant.parse("2026-11-30T08:16:49.178Z"));
    event.setMDCPropertyMap(Map.of("push", "4f2a"));
    Map<String, Object> phases = new LinkedHashMap<>();
    phases.put("plan", 0.25);
    phases.put("build", 12.0);
    event.setKeyValuePairs(
        new ArrayList<>(
            List.of(
                new KeyValuePair("ms", 12L),
                new KeyValuePair("moved", true),
                new KeyValuePair("phases", phases),
                new KeyValuePair("refs", List.of("a", "b")),
                new KeyValuePair("cause", null))));

    assertThat(new String(lines.encode(event), UTF_8))
        .isEqualTo(
            """
            {"time":"2026-11-30T08:16:49.178Z","level":"INFO","logger":"PushLog",\
            "message":"push of dev","push":"4f2a","ms":12,"moved":true,\
            "phases":{"plan":0.25,"build":12.0},"refs":["a","b"],"cause":null}
            """);
  }

  @Test
  void nothingThatIsLoggedBeginsALineOfItsOwn() throws IOException {
    LoggingEvent event =
        event(
            "{} said",
            new IllegalStateException("first\nsecond"),
            "bob\n{\"level\":\"INFO\",\"outcome\":\"deployed\"}\u001b[31m");

    String line = new String(lines.encode(event), UTF_8);

    assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
    assertThat(line).doesNotContain("\u001b");
    JsonNode read = new ObjectMapper().readTree(line);
    assertThat(read.path("message").asText()).startsWith("bob\n{\"level\"");
    assertThat(read.has("outcome")).isFalse();
    assertThat(read.path("error").asText())
        .startsWith("java.lang.IllegalStateException: first\nsecond")
        .contains("JsonLinesTest");
  }

  private LoggingEvent event(String message, @Nullable Throwable error, Object... arguments) {
    return new LoggingEvent(getClass().getName(), logger, Level.INFO, message, error, arguments);
  }
}
