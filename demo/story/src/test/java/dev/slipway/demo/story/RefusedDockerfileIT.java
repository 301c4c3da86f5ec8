package dev.slipway.demo.story;

import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * The other ways a Dockerfile fails in Kaniko, as recorded of it, one push after the other. A class
 * of its own, since classes run side by side.
 */
@Order(3)
class RefusedDockerfileIT extends RefusedPush {
  RefusedDockerfileIT() {
    super("refused-dockerfile");
  }

  @AfterEach
  @Override
  void theNextGoodPushWorks() {
    super.theNextGoodPushWorks();
  }

  @Fault(
      during = During.BUILDING,
      what = "Kaniko fails, in each of its phases, out of memory among them",
      leaves = "rejected with the line that matters; nothing deployed")
  @Test
  void dockerfilesThatFailInEveryPhase() {
    playground.with(
        playground.working().withMemory("400Mi"),
        () -> {
          fails("no-such-program", "FROM busybox:stable", "RUN no-such-program");
          fails("/no/such/program", "FROM busybox:stable", "RUN [\"/no/such/program\"]");
          fails("out of memory", "FROM busybox:stable", "RUN tail /dev/zero");
          fails("before FROM", "RUN echo no base");
          fails("no instructions", "# nothing at all");
          fails("check FROM and the ARG", "ARG BASE", "FROM $BASE");
          fails("there is no image", "FROM " + playground.working().registry() + "/no/such:tag");
          fails("bilder", "FROM busybox:stable", "COPY --from=bilder /a /b");
          fails("127.0.0.1:1", "FROM busybox:stable", "ADD http://127.0.0.1:1/file /file");
        });
  }

  private void fails(String words, String... dockerfile) {
    checkout.write("Dockerfile", String.join("\n", dockerfile) + "\n");
    refused(words);
  }
}
