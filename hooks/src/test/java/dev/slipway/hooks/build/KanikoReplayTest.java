package dev.slipway.hooks.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.hooks.Recordings;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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
          09-syntax-no-from                | 1   | BadDockerfile       | a step stands before FROM
          10-empty-dockerfile              | 1   | BadDockerfile       | file with no instructions
          11-missing-dockerfile            | 1   | BuilderRefused      | a valid path to a Dockerfile
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

  static Stream<Arguments> successfulBuilds() {
    return Stream.of(
        Arguments.of(
            "01-copy-and-run",
            """
            Step: FROM busybox
            Step: WORKDIR /www
            Step: COPY index.html /www/index.html
            Step: RUN echo "building Grüße 日本" && echo to-stderr >&2 && date -u +%Y > /www/year
            building Grüße 日本
            to-stderr
            Step: CMD ["httpd","-f","-p","8080","-h","/www"]
            """),
        Arguments.of(
            "02-multi-stage",
            """
            Step: FROM busybox:1.36
            Step: ARG GREETING=hi
            Step: COPY index.html /src/
            Step: RUN sed "s/hello/$GREETING/" /src/index.html > /src/out.html
            Step: FROM busybox:1.37
            Step: COPY --from=build /src/out.html /www/index.html
            Step: EXPOSE 8080
            Step: CMD ["httpd","-f"]
            """),
        Arguments.of(
            "03-cache-miss",
            """
            Step: FROM busybox
            Step: RUN echo a > /a
            Step: COPY index.html /www/
            Step: RUN echo b > /b
            """),
        Arguments.of(
            "04-cache-hit",
            """
            Step: FROM busybox
            cached: RUN echo a > /a
            cached: COPY index.html /www/
            cached: RUN echo b > /b
            """),
        Arguments.of(
            "18-push-with-credentials",
            """
            Step: FROM busybox
            Step: COPY index.html /
            """),
        Arguments.of(
            "22-dockerignore",
            """
            Step: FROM busybox
            Step: COPY . /ctx
            Step: RUN find /ctx -type f | sort
            /ctx/.dockerignore
            /ctx/Dockerfile
            /ctx/a.txt
            /ctx/keep.log
            /ctx/sub/c.log
            """),
        Arguments.of(
            "23-no-push-tar",
            """
            Step: FROM busybox
            Step: COPY index.html /
            """),
        Arguments.of(
            "27-heredoc",
            """
            Step: FROM busybox
            Step: RUN <<EOF
            """),
        Arguments.of(
            "28-reproducible-single-snapshot",
            """
            Step: FROM busybox
            Step: COPY index.html /
            Step: RUN echo 1 > /1
            """));
  }

  @ParameterizedTest
  @MethodSource("successfulBuilds")
  void showsTheInstructionsAndWhatTheyPrint(String scenario, String lines) throws IOException {
    assertThat(shown(scenario)).containsExactlyElementsOf(lines.lines().toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      textBlock =
          """
          05-run-fails-exit-3 | oh no: missing header
          12-missing-base-tag |
          14-copy-missing-file | Step: FROM busybox
          16-push-no-credentials |
          24-no-destination |
          25-unknown-flag |
          """)
  void leavesTheFinalErrorToTheSentence(String scenario, @Nullable String last) throws IOException {
    List<String> shown = shown(scenario);

    assertThat(shown.isEmpty() ? null : shown.getLast()).isEqualTo(last);
  }

  /** As Kaniko 1.28 writes with {@code --cache}: the recordings are of 1.24, without. */
  @Test
  void namesNoStepForAFileThatIsMissingBeforeTheFirstOne() {
    KanikoLog log = new KanikoLog();
    log.read(info("Building stage 'busybox:stable' [idx: '0', base-idx: '-1']"));
    log.read(
        "error building image: failed to optimize instructions: failed to get files used from"
            + " context: failed to get fileinfo for /kaniko/buildcontext/context/nothere.txt: lstat"
            + " /kaniko/buildcontext/context/nothere.txt: no such file or directory");

    assertThat(KanikoFailure.of(log, 1).sentence())
        .isEqualTo(
            "\"nothere.txt\" is not in the build context; commit it, or check .dockerignore and the"
                + " path.");
  }

  /** Of 1.28, which the recordings do not have. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "active feature flags: FF_KANIKO_OCI_WARMER, FF_KANIKO_RUN_MOUNT_BIND",
        "credential providers by priority: [env, google, ecr, acr, gitlab]",
        "Util.Lookup returned: &{Uid:65534 Gid:65534 Username:nobody Name:nobody HomeDir:/}",
        "Performing slow lookup of group ids for nobody",
        "Applying label a=b",
        "Adding volume /data to ignorelist",
        "Creating directory /data",
        "Replacing StopSignal in config with SIGTERM",
        "Squashing stages: base into final",
        "Eliminating stage 'busybox:stable' [idx: '0'], all consumers are served from cache",
        "Pushing cache pointer registry.example/cache:1 -> 2",
      })
  void keepsToItselfHowKanikoWorks(String message) {
    assertThat(new KanikoLog().read(info(message))).isEmpty();
  }

  private static String info(String message) {
    return "{\"level\":\"info\",\"msg\":\"%s\",\"time\":\"\"}".formatted(message);
  }

  @Test
  void showsWhatItDoesNotKnowAndWarnings() {
    KanikoLog log = new KanikoLog();

    assertThat(log.read("{\"level\":\"info\",\"msg\":\"Something new\",\"time\":\"\"}"))
        .containsExactly("Something new");
    assertThat(log.read("{\"level\":\"warning\",\"msg\":\"Retrying operation\",\"time\":\"\"}"))
        .containsExactly("WARNING: Retrying operation");
  }

  @Test
  void showsErrorsThatARunStepPrints() {
    KanikoLog log = new KanikoLog();
    log.read("{\"level\":\"info\",\"msg\":\"RUN npm test\",\"time\":\"\"}");

    assertThat(log.read("Error: cannot find module 'x'"))
        .containsExactly("Error: cannot find module 'x'");
    assertThat(log.read("error building addon")).isEmpty();
    assertThat(log.read("npm gives up")).containsExactly("error building addon", "npm gives up");
    assertThat(log.read("{}")).containsExactly("{}");
    assertThat(log.error()).isEmpty();
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
        .flatMap(List::stream)
        .toList();
  }
}
