package dev.slipway.demo.story;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is built but does not get healthy. */
class RefusedRolloutIT extends RefusedPush {
  RefusedRolloutIT() {
    super("refused-rollout");
  }

  @AfterEach
  @Override
  void theNextGoodPushWorks() {
    super.theNextGoodPushWorks();
  }

  @Test
  void anAppThatIsNeverReady() {
    checkout.write("Dockerfile", DOCKERFILE.replace("8080", "9999"));
    playground.with(
        playground.working().withRolloutSeconds(5),
        () -> refused("deployment/web was not healthy within 5 s"));
  }

  @Test
  void anAppThatCrashes() {
    checkout.write(
        "Dockerfile",
        DOCKERFILE + "CMD [\"sh\", \"-c\", \"echo cannot find my config; exit 4\"]\n");
    refused("cannot find my config");
  }

  @Test
  void anImageThatTheNodeMayNotPull() {
    playground.with(
        playground.working().withRegistry(playground.guardedRegistry(), "right"),
        () -> refused("pull"));
  }
}
