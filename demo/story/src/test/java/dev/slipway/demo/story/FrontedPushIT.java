package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The one entry of all Remotes, installed as an operator does it, and pushed through. */
@ExtendWith(SharedSlipway.Resolver.class)
class FrontedPushIT {
  @Test
  void aPushThroughFrontIsDeployedAndNamesItsPusher(SharedSlipway shared) throws IOException {
    haveGitdsTrustFront(shared.installation());
    Playground playground = Playground.layOut("fronted", shared);
    Checkout checkout = playground.checkoutThroughFront("fronted-dev");
    checkout
        .write("Dockerfile", RefusedPush.DOCKERFILE)
        .write("page/index.html", "Through front")
        .commit("Through front");

    Stage.Result push = checkout.git("push", "dev", "master");

    assertThat(push.exitCode()).as(push.text()).isZero();
    assertThat(push.text()).contains("by ana@example.org (SHA256:", "=====> Deployed ");
    assertThat(playground.page()).isEqualTo("Through front");
    Checkout byLongName = playground.checkoutThroughFront("fronted_dev");
    assertThat(byLongName.remote("refs/heads/master")).isEqualTo(checkout.head());
    Checkout nobody = playground.checkoutThroughFront("fronted-other");
    assertThat(nobody.git("ls-remote", "dev").text()).contains("Permission denied (publickey)");
  }

  private static void haveGitdsTrustFront(Installation slipway) {
    String controller = "deployment/slipway-controller";
    slipway.kubectl(
        "patch",
        controller,
        "-n",
        "slipway-system",
        "--type=json",
        "-p",
        """
        [{"op": "add", "path": "/spec/template/spec/containers/0/args/-",
          "value": "--front-secret=slipway-system/slipway-front"}]\
        """);
    slipway.kubectl("rollout", "status", "-n", "slipway-system", controller, "--timeout=120s");
  }
}
