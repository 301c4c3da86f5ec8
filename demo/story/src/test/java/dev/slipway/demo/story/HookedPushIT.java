package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Hooks as the kubelet runs them: in the image that the push has built, out of a registry that
 * wants a password, and with the files of the commit. None of the secrets that this takes is seen
 * anywhere; SecretsIT looks for more of them, after more sorts of failure.
 */
class HookedPushIT extends RefusedPush {
  HookedPushIT() {
    super("hooked-push");
  }

  private final Marks marks = new Marks();

  @Test
  void aMigrationRunsInTheNewImageAndASmokeTestFromTheCommitDecides(SharedSlipway shared)
      throws IOException {
    playground.kubectl(
        "create",
        "secret",
        "generic",
        "database",
        "--from-literal=url=postgres://db/guests",
        "--from-literal=password=" + marks.make("variable of a hook"),
        "--from-literal=key=" + marks.make("build argument"));
    playground.patch(
        hooks(playground.guardedRegistry()), "RegistryReady", "BuildInputsFound", "HooksReady");
    checkout
        .write("Dockerfile", DOCKERFILE.replace("COPY", "ARG KEY\nRUN test -n \"$KEY\"\nCOPY"))
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
    playground.witness().awaitPage("Good page");

    checkout.write("page/index.html", "Bad page");
    Stage.Result bad =
        refused(
            "hook smoke (after the deployment) ended with exit code 1: Bad page",
            "What ran before runs again.");
    noSecretIsSeen(new PlainView(playground, shared.installation()), push.text() + bad.text());
  }

  private void noSecretIsSeen(PlainView view, String terminal) throws IOException {
    marks.add("password of the registry", SharedSlipway.PASSWORD);
    marks.add("private host key", view.hostKey());
    marks.add("token of gitd", view.gitdToken());
    Map<String, String> seen = view.everything("hook");
    seen.put("terminal", terminal);
    assertThat(seen).allSatisfy((where, text) -> assertThat(marks.in(text)).as(where).isEmpty());
  }

  private static String hooks(String registry) {
    return """
      {"spec": {
        "registry": {
          "url": "%s", "credentials": {"secretRef": "right"}, "pullSecretRef": "right"},
        "deployments": [{"name": "web", "containers": [{"name": "web", "path": ".",
          "buildArgs": [{"name": "KEY",
                         "valueFrom": {"secretKeyRef": {"name": "database", "key": "key"}}}]}]}],
        "hooks": [
          {"name": "migrate", "when": "BeforeDeploy", "imageFrom": {"name": "web", "container": "web"},
           "command": ["sh", "-c",
                       "test -n \\"$PASSWORD\\" && echo $DATABASE && cat /srv/index.html && id -u"],
           "env": [{"name": "DATABASE",
                    "valueFrom": {"secretKeyRef": {"name": "database", "key": "url"}}},
                   {"name": "PASSWORD",
                    "valueFrom": {"secretKeyRef": {"name": "database", "key": "password"}}}],
           "restricted": true, "runAsUser": 1000},
          {"name": "smoke", "when": "AfterDeploy", "image": "busybox:stable", "needsSource": true,
           "command": ["./test/smoke.sh", "http://web"]}
        ]}}\
      """
        .formatted(registry);
  }
}
