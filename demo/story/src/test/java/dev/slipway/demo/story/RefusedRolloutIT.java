package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

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
  private static final String RESTORED = "What ran before runs again.";

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
    checkout.write(
        "Dockerfile",
        DOCKERFILE + "CMD [\"sh\", \"-c\", \"echo listening on 9999; exec httpd -f -p 9999\"]\n");
    playground.with(
        playground.working().withRolloutSeconds(20),
        () ->
            assertThat(
                    refused(
                            "deployment/web was not healthy within 20 s: Readiness probe failed",
                            RESTORED)
                        .text())
                .contains("deployment/web: Unhealthy: Readiness probe failed")
                .contains("deployment/web: web | listening on 9999"));
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

    Stage.Result push =
        refused("deployment/web crashes with the new image: Error, exit code 4", RESTORED);

    assertThat(push.text())
        .contains("deployment/web: web | cannot find my config")
        .contains("deployment/web: BackOff: Back-off restarting failed container");
  }

  @Fault(
      during = During.DEPLOYING,
      what = "the node may not pull the image",
      leaves = "rejected with the reason; what ran before runs again")
  @Test
  void anImageThatTheNodeMayNotPull() {
    checkout.write("page/index.html", "Pulled at last");
    playground.with(
        playground.working().withRegistry(playground.guardedRegistry(), "right"),
        () ->
            assertThat(refused("deployment/web cannot pull its new image: ", RESTORED).text())
                .contains("deployment/web: Failed: "));

    theSameCommitDeploys("Pulled at last");
  }
}
