package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The one entry of all Remotes, installed as an operator does it who brings a host key along
 * (docs/from-gitkube.md), and pushed through.
 */
@ExtendWith(SharedSlipway.Resolver.class)
class FrontedPushIT {
  @Test
  void aPushThroughFrontIsDeployedAndNamesItsPusher(SharedSlipway shared) throws Exception {
    Path keys = Files.createDirectories(shared.files().resolve("keys-of-front"));
    String hostKey = bringKeys(shared.installation(), keys);
    haveGitdsTrustFront(shared.installation());
    Playground playground = Playground.layOut("fronted", shared);
    Checkout checkout = playground.checkoutThroughFront("fronted-dev", hostKey);
    checkout
        .write("Dockerfile", RefusedPush.DOCKERFILE)
        .write("page/index.html", "Through front")
        .commit("Through front");

    Stage.Result push = checkout.git("push", "dev", "master");

    assertThat(push.exitCode()).as(push.text()).isZero();
    assertThat(push.text()).contains("by ana@example.org (SHA256:", "=====> Deployed ");
    playground.awaitPage("Through front");
    Checkout byLongName = playground.checkoutThroughFront("fronted_dev", hostKey);
    assertThat(byLongName.remote("refs/heads/master")).isEqualTo(checkout.head());
    Checkout nobody = playground.checkoutThroughFront("fronted-other", hostKey);
    assertThat(nobody.git("ls-remote", "dev").text()).contains("Permission denied (publickey)");
  }

  /** Returns the public half of the host key. */
  private static String bringKeys(Installation slipway, Path folder) throws Exception {
    var secret =
        new ArrayList<>(
            List.of("create", "secret", "generic", "slipway-front", "-n", "slipway-system"));
    for (String key : List.of("ssh_host_ed25519_key", "ca_ed25519_key")) {
      String file = folder.resolve(key).toString();
      var made = new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file);
      assertThat(made.inheritIO().start().waitFor()).isZero();
      secret.add("--from-file=" + file);
      secret.add("--from-file=" + file + ".pub");
    }
    slipway.kubectl(secret.toArray(String[]::new));
    return Files.readString(folder.resolve("ssh_host_ed25519_key.pub")).strip();
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
