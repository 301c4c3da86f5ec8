package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Hooks as the kubelet runs them: in the image that the push has built, out of a registry that
 * wants a password, and with the files of the commit.
 */
class HookedPushIT extends RefusedPush {
  HookedPushIT() {
    super("hooked-push");
  }

  @Test
  void aMigrationRunsInTheNewImageAndASmokeTestFromTheCommitDecides() {
    playground.kubectl(
        "create", "secret", "generic", "database", "--from-literal=url=postgres://db/guests");
    playground.patch(hooks(playground.guardedRegistry()));
    checkout
        .writeProgram("test/smoke.sh", "wget -qO- $1 | tee /tmp/page && grep -q Good /tmp/page")
        .write("page/index.html", "Good page")
        .commit("A good page");

    Stage.Result push = checkout.git("push", "dev", "master");

    assertThat(push.exitCode()).as(push.text()).isZero();
    assertThat(push.text())
        .containsSubsequence(
            "-----> Running hook migrate (before the deployment)",
            "migrate | postgres://db/guests",
            "migrate | Good page",
            "1000",
            "-----> Deploying",
            "-----> Running hook smoke (after the deployment)",
            "smoke | Good page",
            "=====> Deployed ");
    playground.awaitPage("Good page");

    checkout.write("page/index.html", "Bad page");
    refused(
        "hook smoke (after the deployment) ended with exit code 1: Bad page",
        "What ran before runs again.");
  }

  private static String hooks(String registry) {
    return """
      {"spec": {
        "registry": {
          "url": "%s", "credentials": {"secretRef": "right"}, "pullSecretRef": "right"},
        "hooks": [
          {"name": "migrate", "when": "BeforeDeploy", "imageFrom": {"name": "web", "container": "web"},
           "command": ["sh", "-c", "echo $DATABASE && cat /srv/index.html && id -u"],
           "env": [{"name": "DATABASE",
                    "valueFrom": {"secretKeyRef": {"name": "database", "key": "url"}}}],
           "restricted": true, "runAsUser": 1000},
          {"name": "smoke", "when": "AfterDeploy", "image": "busybox:stable", "needsSource": true,
           "command": ["./test/smoke.sh", "http://web"]}
        ]}}\
      """
        .formatted(registry);
  }
}
