package dev.slipway.hooks.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.hooks.Recordings;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the reading of Kaniko's log against logs of Kaniko. */
class KanikoReplayTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      textBlock =
          """
          05-run-fails-exit-3              | 3   | StepFailed          | ended with exit code 3: oh no: missing header
          06-run-command-not-found         | 127 | StepFailed          | RUN make all ended with exit code 127: /bin/sh: make: not found
          07-run-exec-form-not-found       | 1   | StepFailed          | fork/exec /bin/nope: no such file or directory
          08-syntax-unknown-instruction    | 1   | BadDockerfile       | line 2: unknown instruction: COYP (did you mean COPY?)
          09-syntax-no-from                | 1   | BadDockerfile       | no build stage in current context
          10-empty-dockerfile              | 1   | BadDockerfile       | file with no instructions
          12-missing-base-tag              | 1   | MissingBaseImage    | there is no image busybox:nope
          13-base-registry-unknown-host    | 1   | BaseRegistryUnreachable | no such host
          14-copy-missing-file             | 1   | MissingFile         | COPY nothere.txt /x: "nothere.txt" is not in the build context
          15-copy-from-unknown-stage       | 1   | MissingBaseImage    | there is no image biuld; check FROM, and the names of stages
          16-push-no-credentials           | 1   | PushDenied          | UNAUTHORIZED
          17-push-wrong-password           | 1   | PushDenied          | UNAUTHORIZED
          19-push-tls-untrusted            | 1   | RegistryCertificate | unknown authority
          20-push-https-to-http-registry   | 1   | RegistryPlainHttp   | plain HTTP
          21-push-unknown-host             | 1   | RegistryUnreachable | no such host
          24-no-destination                | 1   | BuilderRefused      | must provide
          25-unknown-flag                  | 1   | BuilderRefused      | unknown flag
          26-out-of-memory                 | 255 | OutOfMemory         | want of memory
          29-add-url-unreachable           | 1   | StepFailed          | ADD http://no-such-host.example/a.tgz /a/ failed
          30-from-arg-empty                | 1   | BadBaseImage        | no name of an image
          """)
  void saysWhyInOneSentence(String scenario, int exitCode, String reason, String words)
      throws IOException {
    KanikoFailure failure = KanikoFailure.of(read(scenario), exitCode);

    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.sentence()).contains(words).doesNotContain("\n").endsWith(".");
  }

  @Test
  void hasAWordEvenForAnEmptyLog() {
    assertThat(KanikoFailure.of(new KanikoLog(), 1).sentence())
        .isEqualTo("the builder ended with exit code 1 and said nothing; push again.");
  }

  @Test
  void showsItsLogAsPlainText() throws IOException {
    List<String> shown = shown("01-copy-and-run");

    assertThat(shown)
        .contains("COPY index.html /www/index.html", "building Grüße 日本", "to-stderr")
        .noneMatch(line -> line.contains("\"level\""))
        .noneMatch(line -> line.startsWith("Args: "))
        .last()
        .asString()
        .startsWith("Pushed registry.test:5000/demo/copyrun@sha256:");
  }

  private static KanikoLog read(String scenario) throws IOException {
    KanikoLog log = new KanikoLog();
    Recordings.present().text("f-kaniko/" + scenario + "/json.log").lines().forEach(log::read);
    return log;
  }

  private static List<String> shown(String scenario) throws IOException {
    KanikoLog log = new KanikoLog();
    return Recordings.present()
        .text("f-kaniko/" + scenario + "/json.log")
        .lines()
        .map(log::read)
        .flatMap(Optional::stream)
        .toList();
  }
}
