package dev.slipway.demo.cluster.kaniko;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Golden lines out of the recordings of Kaniko 1.24. */
class KanikoLogTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-21T07:44:56.5Z"), ZoneOffset.UTC);

  @Test
  void writesJsonAsGoDoes() {
    assertThat(line(KanikoLog.Format.JSON, "RUN echo \"Grüße\" && echo x >&2"))
        .isEqualTo(
            "{\"level\":\"info\",\"msg\":\"RUN echo \\\"Grüße\\\" \\u0026\\u0026 echo x"
                + " \\u003e\\u00262\",\"time\":\"2026-11-21T07:44:56Z\"}");
  }

  @Test
  void quotesTextThatHoldsMoreThanAWord() {
    assertThat(line(KanikoLog.Format.TEXT, "Cmd: /bin/sh"))
        .isEqualTo("time=\"2026-11-21T07:44:56Z\" level=info msg=\"Cmd: /bin/sh\"");
  }

  @Test
  void padsColouredLines() {
    assertThat(line(KanikoLog.Format.COLOR, "Built cross stage deps: map[]"))
        .isEqualTo("\u001b[36mINFO\u001b[0m[0000] Built cross stage deps: map[]                ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FROM busybox\\nCOYP a b|parsing dockerfile: dockerfile parse error on line 2: unknown"
            + " instruction: COYP (did you mean COPY?)",
        "RUN echo x|parsing dockerfile: no build stage in current context",
        "# nothing|parsing dockerfile: file with no instructions"
      })
  void namesWhatIsWrongWithADockerfile(String dockerfile, String why) {
    assertThat(catchThrowable(() -> DockerfileParser.parse(dockerfile.replace("\\n", "\n"))))
        .hasMessage("error building image: " + why);
  }

  @Test
  void anUnknownFlagEndsInUsage() {
    var output = new ByteArrayOutputStream();
    try (var stream = new PrintStream(output, true, StandardCharsets.UTF_8)) {
      int exitCode = KanikoMain.run(new String[] {"--frobnicate"}, Map.of(), stream);
      assertThat(exitCode).isEqualTo(1);
    }
    assertThat(output.toString(StandardCharsets.UTF_8))
        .startsWith("Error: unknown flag: --frobnicate\nUsage:\n  executor [flags]\n");
  }

  private static String line(KanikoLog.Format format, String message) {
    return new KanikoLog(format, System.out, CLOCK).line(message);
  }
}
