package dev.slipway.demo.story;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What fails in the builder, in whichever phase of it. */
class RefusedBuildIT extends RefusedPush {
  RefusedBuildIT() {
    super("refused-build");
  }

  @Test
  void aFailingRun() {
    checkout.write("Dockerfile", DOCKERFILE + "RUN echo about to fail && exit 3\n");
    refused("exit 3");
  }

  @Test
  void aMissingBaseImage() {
    checkout.write("Dockerfile", "FROM 127.0.0.1:1/nothing/here:1\n");
    refused("127.0.0.1:1/nothing/here:1");
  }

  @Test
  void aCopyOfAMissingFile() {
    checkout.write("Dockerfile", "FROM busybox:stable\nCOPY nowhere.txt /srv/\n");
    refused("nowhere.txt");
  }

  @Test
  void aDockerfileThatIsNone() {
    checkout.write("Dockerfile", "FORM busybox\n");
    refused("Dockerfile");
  }

  @Test
  void aRegistryThatIsDown() {
    playground.with(
        playground.working().withRegistry("127.0.0.1:1/down", ""), () -> refused("127.0.0.1:1"));
  }

  @Test
  void wrongCredentialsForTheRegistry() {
    playground.with(
        playground.working().withRegistry(playground.guardedRegistry(), "wrong"),
        () -> refused(playground.guardedRegistry()));
  }

  @Test
  void noCredentialsForTheRegistry() {
    playground.with(
        playground.working().withRegistry(playground.guardedRegistry(), ""),
        () -> refused(playground.guardedRegistry()));
  }

  /** The ways a Dockerfile can fail in Kaniko, as recorded of it, besides those above. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FROM busybox:stable; RUN no-such-program                    | no-such-program
          FROM busybox:stable; RUN ["/no/such/program"]               | /no/such/program
          FROM busybox:stable; RUN tail /dev/zero                     | out of memory
          RUN echo no base                                            | FROM
          # nothing at all                                            | Dockerfile
          ARG BASE; FROM $BASE                                        | FROM
          FROM busybox:no-such-tag                                    | no-such-tag
          FROM busybox:stable; COPY --from=bilder /a /b               | bilder
          FROM busybox:stable; ADD http://127.0.0.1:1/file /file      | 127.0.0.1:1
          """)
  void aDockerfileThatFails(String dockerfile, String sentence) {
    checkout.write("Dockerfile", dockerfile.replace("; ", "\n") + "\n");
    playground.with(playground.working().withMemory("400Mi"), () -> refused(sentence));
  }
}
