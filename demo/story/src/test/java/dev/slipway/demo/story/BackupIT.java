package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The commands of docs/operating.md by which a Remote that is lost is brought back. */
@ExtendWith(SharedSlipway.Resolver.class)
class BackupIT {
  private static final String KEY = "ssh_host_ed25519_key";
  private static final String STORE_ONLY = "{\"spec\": {\"branches\": [\"none\"]}}";

  @Test
  void bringsBackALostRemoteWithItsBranchesAndItsHostKey(SharedSlipway shared) throws IOException {
    Playground playground = Playground.layOut("backup", shared);
    playground.patch(STORE_ONLY);
    Checkout work = playground.checkout();
    work.write("Dockerfile", "FROM busybox:stable\n").commit("One");
    git(work, "tag", "v1");
    git(work, "push", "dev", "master", "v1", "master:refs/heads/topic/one");
    String refs = git(work, "ls-remote", "--heads", "--tags", "dev");
    assertThat(refs).contains("refs/heads/master", "refs/heads/topic/one", "refs/tags/v1");

    git(work, "clone", "--mirror", work.url().toString(), "dev.git");
    save(playground, KEY, work);
    save(playground, KEY + ".pub", work);
    String publicKey = hostKey(playground);
    playground.kubectl("delete", "remote", "dev");
    playground.kubectl(
        "wait",
        "--for=delete",
        "persistentvolumeclaim/dev-gitd",
        "secret/dev-gitd-host-key",
        Playground.PATIENCE);

    playground.kubectl(
        "create",
        "secret",
        "generic",
        "dev-gitd-host-key",
        "--from-file=" + work.folder().resolve(KEY),
        "--from-file=" + work.folder().resolve(KEY + ".pub"));
    playground.kubectl(
        "label",
        "secret",
        "dev-gitd-host-key",
        "app.kubernetes.io/name=gitd",
        "app.kubernetes.io/instance=dev",
        "app.kubernetes.io/managed-by=slipway",
        "app.kubernetes.io/part-of=slipway");
    playground.createRemote();
    playground.patch(STORE_ONLY);
    Checkout again =
        playground.checkoutThroughFront(
            playground.value("service", "dev-gitd", "{.spec.ports[0].nodePort}"),
            "backup-dev",
            publicKey);
    git(work, "-C", "dev.git", "push", "--mirror", again.url().toString());
    playground.patch("{\"spec\": {\"branches\": null}}");

    assertThat(git(again, "ls-remote", "--heads", "--tags", "dev")).isEqualTo(refs);
    assertThat(hostKey(playground)).isEqualTo(publicKey);

    playground.kubectl("delete", "secret", "dev-gitd-host-key");
    playground.kubectl("rollout", "restart", "deployment/dev-gitd");
    playground.awaitGitd();
    await()
        .dontCatchUncaughtExceptions()
        .atMost(Duration.ofMinutes(5))
        .untilAsserted(
            () -> {
              assertThat(hostKey(playground)).isNotEqualTo(publicKey);
              assertThat(again.git("ls-remote", "dev").text())
                  .contains("HOST IDENTIFICATION HAS CHANGED");
            });
    Checkout trusting =
        playground.checkoutThroughFront(
            String.valueOf(again.url().getPort()), "backup-dev", hostKey(playground));
    assertThat(git(trusting, "ls-remote", "--heads", "--tags", "dev")).isEqualTo(refs);
  }

  private static String hostKey(Playground playground) {
    return playground.value("remote", "dev", "{.status.knownHosts}").split(" ", 2)[1];
  }

  private static void save(Playground playground, String half, Checkout into) {
    into.write(
        half,
        playground.kubectl(
            "get",
            "secret",
            "dev-gitd-host-key",
            "-o",
            "go-template={{index .data \"%s\" | base64decode}}".formatted(half)));
  }

  private static String git(Checkout checkout, String... arguments) {
    Stage.Result result = checkout.git(arguments);
    assertThat(result.exitCode()).as(result.text()).isZero();
    return result.text();
  }
}
