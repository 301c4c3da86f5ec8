package dev.slipway.demo.story;

import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What is built but does not get healthy. Nothing repairs anything in between, so one good push
 * after all of them speaks for each.
 */
class RefusedRolloutIT extends RefusedPush {
  RefusedRolloutIT() {
    super("refused-rollout");
  }

  @AfterEach
  @Override
  void forgetTheLastPush() {
    super.forgetTheLastPush();
  }

  @AfterAll
  @Override
  void theNextGoodPushWorks() {
    super.theNextGoodPushWorks();
  }

  @Fault(
      during = During.DEPLOYING,
      what = "the app never gets ready",
      leaves = "rejected when its time is over; what ran before runs again")
  @Test
  void anAppThatIsNeverReady() {
    checkout.write("Dockerfile", DOCKERFILE.replace("8080", "9999"));
    playground.with(
        playground.working().withRolloutSeconds(5),
        () -> refused("deployment/web was not healthy within 5 s"));
  }

  @Fault(
      during = During.DEPLOYING,
      what = "the app crashes",
      leaves = "rejected with its last lines; what ran before runs again")
  @Test
  void anAppThatCrashes() {
    checkout.write(
        "Dockerfile",
        DOCKERFILE + "CMD [\"sh\", \"-c\", \"echo cannot find my config; exit 4\"]\n");
    refused("cannot find my config");
  }

  @Fault(
      during = During.DEPLOYING,
      what = "the node may not pull the image",
      leaves = "rejected with the reason; what ran before runs again")
  @Test
  void anImageThatTheNodeMayNotPull() {
    playground.with(
        playground.working().withRegistry(playground.guardedRegistry(), "right"),
        () -> refused("pull"));
  }
}
