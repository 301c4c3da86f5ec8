package dev.slipway.demo.story;

import static dev.slipway.demo.story.KilledPushIT.once;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.image.Registry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every secret that a push has to do with is marked, and no mark is found outside the Secrets: not
 * after a push that succeeds, nor after those that fail in their build, rollout, hook or login. A
 * step of a Dockerfile finds the password of the registry, unless the push is isolated.
 */
@ExtendWith(SharedSlipway.Resolver.class)
@Order(3)
@Tag("long")
class SecretsIT {
  private static final String DOCKERFILE =
      """
      FROM busybox:stable
      ARG ONE
      ARG TWO
      COPY page/ /srv/
      RUN --mount=type=secret,id=file \\
          test -n "$ONE" && test -n "$TWO" && test -s /run/secrets/file
      """;

  private static final String SERVER = "CMD [\"httpd\", \"-f\", \"-p\", \"8080\"]\n";

  /** A step that lasts until somebody has looked at it. */
  private static final String LOOKED_AT = "RUN sleep 8642 || true\n";

  private static final String PASSWORD = "password of the registry";

  private final Marks marks = new Marks();
  private final StringBuilder terminal = new StringBuilder();

  @Test
  void noSecretIsSeenOutsideTheSecrets(SharedSlipway shared) throws Exception {
    String password = marks.make(PASSWORD);
    Path files = Files.createDirectories(shared.files().resolve("marked-registry"));
    try (Registry registry =
        Registry.start(files, Optional.of(new Registry.Login("builder", password)))) {
      Playground playground = Playground.layOut("secrets", shared);
      String service = registry.hostAt(shared.installation().cluster().addresses().host());
      giveSecrets(playground, List.of(registry.host(), service), password);
      allowManifests(playground);
      playground.patch(
          remote(registry.host(), "login"), "RegistryReady", "BuildInputsFound", "HooksReady");
      var view = new PlainView(playground, shared.installation());
      marks.add("private host key", view.hostKey());
      marks.add("token of gitd", view.gitdToken());

      Checkout checkout = playground.checkout();
      pushes(playground, view, checkout);
      playground.patch(remote(service, "wrong-login"));
      checkout.commit("5 Push without a login");
      push(checkout, line -> {}, "does not let builds push");
      isolatedPush(playground, view, checkout, service);

      String manifest = "/v2/secrets-dev-secrets.web-web/manifests/" + checkout.head();
      assertThat(answer(registry.host(), manifest, password)).isEqualTo(200);
      assertThat(marks.names()).contains("token of a build");
      assertThat(terminal).contains("=====> Deployed ", "5 Push", "6 Isolated");
      Map<String, String> seen = view.everything("push", "hook");
      seen.put("terminal", terminal.toString());
      assertThat(seen).allSatisfy((where, text) -> assertThat(marks.in(text)).as(where).isEmpty());
    }
  }

  private void giveSecrets(Playground playground, List<String> hosts, String password) {
    login(playground, "login", hosts, password);
    login(playground, "wrong-login", hosts, marks.make("wrong password of the registry"));
    generic(playground, "args", "one", marks.make("build argument"));
    generic(playground, "more-args", "TWO", marks.make("build argument out of a whole Secret"));
    generic(playground, "files", "file", marks.make("secret file of a build"));
    generic(playground, "hook", "secret", marks.make("variable of a hook"));
    String key = marks.make("private key among the authorized ones");
    generic(
        playground,
        "keys",
        "keys",
        """
        -----BEGIN OPENSSH PRIVATE KEY-----
        %s
        -----END OPENSSH PRIVATE KEY-----
        """
            .formatted(key));
  }

  private void pushes(Playground playground, PlainView view, Checkout checkout) {
    checkout
        .write("k8s/settings.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}}")
        .write("page/index.html", "Nothing to see")
        .write("Dockerfile", DOCKERFILE + SERVER)
        .commit("1 Succeeds");
    push(checkout, line -> {}, "=====> Deployed ");

    checkout
        .write("Dockerfile", DOCKERFILE + LOOKED_AT + "RUN env | grep nothing\n")
        .commit("2 No build");
    List<String> inReach = new ArrayList<>();
    push(checkout, look(playground, view, inReach), "ended with exit code 1");
    assertThat(inReach).as("what isolatePush is for").contains(PASSWORD);

    checkout.write("Dockerfile", DOCKERFILE + "CMD [\"false\"]\n").commit("3 No rollout");
    push(checkout, line -> {}, "What ran before runs again");

    checkout.write("Dockerfile", DOCKERFILE + SERVER).write("page/broken", "").commit("4 No hook");
    push(checkout, line -> {}, "hook check (after the deployment) ended with exit code 1");
  }

  private void isolatedPush(
      Playground playground, PlainView view, Checkout checkout, String registry) {
    playground.patch(isolated(registry));
    checkout.write("Dockerfile", DOCKERFILE + LOOKED_AT + SERVER).commit("6 Isolated");
    List<String> inReach = new ArrayList<>();
    push(checkout, look(playground, view, inReach), "pushed ");
    assertThat(inReach).contains("secret file of a build").doesNotContain(PASSWORD);
  }

  private void push(Checkout checkout, Consumer<String> eachLine, String words) {
    Stage.Result push = checkout.push(eachLine);
    assertThat(push.text()).contains(words);
    terminal.append(push.text());
  }

  /** Collects what a step that runs has in its reach. */
  private Consumer<String> look(Playground playground, PlainView view, List<String> inReach) {
    return once(
        "sleep 8642",
        () -> {
          ProcessHandle sleep = view.step("sleep\0" + "8642\0");
          readBuildToken(playground);
          inReach.addAll(marks.in(view.ofTheBuilder()));
          sleep.destroyForcibly();
        });
  }

  private void readBuildToken(Playground playground) {
    String data =
        playground.kubectl(
            "get",
            "secret",
            "dev-gitd-tokens",
            "-o",
            "go-template={{range .data}}{{base64decode .}}{{end}}");
    marks.add("token of a build", data);
  }

  private static void login(
      Playground playground, String name, List<String> hosts, String password) {
    String auth = Base64.getEncoder().encodeToString(("builder:" + password).getBytes(UTF_8));
    String config =
        hosts.stream()
            .map(host -> "\"%s\": {\"auth\": \"%s\"}".formatted(host, auth))
            .collect(Collectors.joining(", ", "{\"auths\": {", "}}"));
    playground.kubectl(
        "create",
        "secret",
        "generic",
        name,
        "--type=kubernetes.io/dockerconfigjson",
        "--from-literal=.dockerconfigjson=" + config);
  }

  private static void generic(Playground playground, String name, String key, String value) {
    playground.kubectl("create", "secret", "generic", name, "--from-literal=" + key + "=" + value);
  }

  private static void allowManifests(Playground playground) {
    String account = "--serviceaccount=" + playground.namespace();
    playground.kubectl("create", "serviceaccount", "deployer");
    playground.kubectl(
        "create", "role", "maps", "--verb=get,create,patch,delete", "--resource=configmaps");
    playground.kubectl("create", "rolebinding", "maps", "--role=maps", account + ":deployer");
    playground.kubectl(
        "create",
        "role",
        "act",
        "--verb=create",
        "--resource=serviceaccounts/token",
        "--resource-name=deployer");
    playground.kubectl("create", "rolebinding", "act", "--role=act", account + ":dev-gitd");
  }

  private static String remote(String registry, String login) {
    return """
    {"spec": {
      "registry": {"url": "%s", "credentials": {"secretRef": "%s"}, "pullSecretRef": "login",
        "insecure": true},
      "authorizedKeysFrom": [{"secretRef": {"name": "keys"}}],
      "manifests": {"path": "k8s", "serviceAccountName": "deployer"},
      "hooks": [{"name": "check", "when": "AfterDeploy",
        "imageFrom": {"name": "web", "container": "web"},
        "command": ["sh", "-c", "test -n \\"$SECRET\\" && test ! -e /srv/broken"],
        "env": [{"name": "SECRET",
                 "valueFrom": {"secretKeyRef": {"name": "hook", "key": "secret"}}}]}],
      %s}}\
    """
        .formatted(registry, login, deployments(true));
  }

  /** Only pushed: the node does not pull from a registry without TLS that is not on loopback. */
  private static String isolated(String registry) {
    return """
    {"spec": {
      "registry": {"url": "%s", "credentials": {"secretRef": "login"}, "insecure": true},
      "builder": {"isolatePush": true}, "manifests": null, "hooks": null,
      %s}}\
    """
        .formatted(registry, deployments(false));
  }

  private static String deployments(boolean deploy) {
    return """
    "deployments": [{"name": "web", "containers": [{"name": "web", "path": ".", "deploy": %s,
      "buildArgs": [{"name": "ONE",
                     "valueFrom": {"secretKeyRef": {"name": "args", "key": "one"}}}],
      "buildArgsFrom": [{"secretRef": {"name": "more-args"}}],
      "buildSecrets": [{"id": "file",
                        "secretKeyRef": {"name": "files", "key": "file"}}]}]}]\
    """
        .formatted(deploy);
  }

  /** The status that the registry answers with, to somebody without a login or with it. */
  private static int answer(String registry, String path, String password)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://" + registry + path))
            .header("Accept", "application/vnd.docker.distribution.manifest.v2+json");
    if (!password.isEmpty()) {
      String login = Base64.getEncoder().encodeToString(("builder:" + password).getBytes(UTF_8));
      request.header("Authorization", "Basic " + login);
    }
    try (var http = HttpClient.newHttpClient()) {
      return http.send(request.build(), BodyHandlers.discarding()).statusCode();
    }
  }
}
