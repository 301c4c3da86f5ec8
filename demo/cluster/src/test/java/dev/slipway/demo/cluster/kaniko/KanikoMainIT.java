package dev.slipway.demo.cluster.kaniko;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.demo.cluster.NodeRequirements;
import dev.slipway.demo.cluster.image.BusyboxImage;
import dev.slipway.demo.cluster.image.ImageReference;
import dev.slipway.demo.cluster.image.ImageStore;
import dev.slipway.demo.cluster.image.Registry;
import dev.slipway.demo.cluster.image.RegistryCredentials;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KanikoMainIT {
  @TempDir static Path shared;
  private static Registry registry;
  private static Registry guarded;

  @TempDir Path context;

  private record Run(int exitCode, List<String> lines) {
    String last() {
      return lines.getLast();
    }

    List<String> messages() {
      return lines.stream().map(line -> line.replaceFirst("^time=\\S+ ", "")).toList();
    }
  }

  @BeforeAll
  static void prepare() throws Exception {
    NodeRequirements.assumeMet();
    BusyboxImage.addTo(shared.resolve("builder"));
    registry = Registry.start(Files.createDirectory(shared.resolve("registry")), Optional.empty());
    guarded =
        Registry.start(
            Files.createDirectory(shared.resolve("guarded")),
            Optional.of(new Registry.Login("ana", "secret")));
  }

  @AfterAll
  static void cleanUp() {
    if (guarded != null) {
      registry.close();
      guarded.close();
    }
  }

  @BeforeEach
  void fillContext() throws IOException {
    Files.writeString(context.resolve("index.html"), "<h1>hello</h1>\n");
  }

  @Test
  void buildsSeveralStagesAndPushesWhatADigestNames() throws Exception {
    var digest = context.resolve("digest");
    var run =
        build(
            """
            FROM busybox:1.36 AS build
            ARG GREETING=hi
            COPY index.html /src/
            RUN sed "s/hello/$GREETING/" /src/index.html > /src/out.html && \\
                printf 'no newline'
            FROM busybox:1.37
            COPY --from=build /src/out.html /www/index.html
            RUN cat /www/index.html; echo to-stderr >&2
            EXPOSE 8080
            CMD ["httpd","-f"]
            """,
            "--destination=" + registry.host() + "/demo/multi:1",
            "--build-arg=GREETING=good morning",
            "--digest-file=" + digest);

    assertThat(run.exitCode).as("%s", run.lines).isZero();
    assertThat(run.lines)
        .contains("no newline", "<h1>good morning</h1>", "to-stderr")
        .noneMatch(line -> line.contains("STEP") || line.contains("COMMIT"));
    assertThat(run.last())
        .contains("Pushed " + registry.host() + "/demo/multi@" + Files.readString(digest));
    var pulled =
        new ImageStore(shared.resolve("node"))
            .pull(
                ImageReference.parse(registry.host() + "/demo/multi:1@" + Files.readString(digest)),
                RegistryCredentials.none());
    assertThat(pulled.config().command()).containsExactly("httpd", "-f");
    assertThat(pulled.id()).isEqualTo(registry.host() + "/demo/multi@" + Files.readString(digest));
  }

  @Test
  void takesLayersOutOfTheCacheUpToTheFileThatHasChanged() throws Exception {
    var dockerfile =
        """
        FROM busybox
        RUN echo installed > /tools; date +%N
        COPY index.html /
        RUN cat /index.html
        """;
    String[] flags = {
      "--cache=true",
      "--cache-repo=" + registry.host() + "/demo_cache",
      "--cache-ttl=336h",
      "--label=commit=1",
      "--destination=" + registry.host() + "/demo/cached:1"
    };
    var first = build(dockerfile, flags);
    assertThat(first.exitCode).as("%s", first.lines).isZero();
    assertThat(first.messages()).noneMatch(line -> line.contains("Using caching version"));

    Files.writeString(context.resolve("index.html"), "<h1>changed</h1>\n");
    flags[3] = "--label=commit=2";
    var second = build(dockerfile, flags);

    assertThat(second.exitCode).as("%s", second.lines).isZero();
    assertThat(second.messages())
        .contains(
            "level=info msg=\"Using caching version of cmd: RUN echo installed > /tools; date +%N\"")
        .noneMatch(line -> line.contains("Using caching version of cmd: RUN cat"))
        .noneMatch(line -> line.contains("STEP") || line.startsWith("-->"));
    assertThat(second.lines).contains("<h1>changed</h1>");
    flags[1] = "--cache-repo=" + registry.host() + "/other_cache";
    assertThat(build(dockerfile, flags).messages())
        .noneMatch(line -> line.contains("Using caching version"));
  }

  @Test
  void buildsAlsoWhereTheCacheTakesNoLayers() throws Exception {
    var full = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    full.createContext(
        "/",
        exchange -> {
          boolean asks = exchange.getRequestURI().getPath().equals("/v2/");
          boolean writes = exchange.getRequestMethod().equals("POST");
          exchange.sendResponseHeaders(asks ? 200 : writes ? 507 : 404, -1);
          exchange.close();
        });
    full.start();
    try {
      var run =
          build(
              """
              FROM busybox
              RUN echo installed
              RUN echo configured
              """,
              "--cache=true",
              "--cache-repo=127.0.0.1:" + full.getAddress().getPort() + "/full",
              "--cache-ttl=336h",
              "--destination=" + registry.host() + "/demo/uncached:1");

      assertThat(run.exitCode).as("%s", run.lines).isZero();
      assertThat(run.lines).contains("installed", "configured");
      assertThat(run.messages()).anyMatch(it -> it.contains("Error uploading layer to cache: "));
    } finally {
      full.stop(0);
    }
  }

  @Test
  void givesStepsASecretAndMakesAnEarlierStageTheImage() throws Exception {
    var secret = Files.writeString(context.resolveSibling("secret-of-build"), "s3cret");
    var image = registry.host() + "/demo/inputs:1";
    var run =
        build(
            """
            FROM busybox AS small
            RUN --mount=type=secret,id=token wc -c < /run/secrets/token
            FROM small
            RUN echo never
            """,
            "--destination=" + image,
            "--target=small",
            "--secret=id=token,src=" + secret,
            "--label=org.opencontainers.image.authors=Ana <ana@example.org>");

    assertThat(run.exitCode).as("%s", run.lines).isZero();
    assertThat(run.lines).contains("6").doesNotContain("never");
  }

  @Test
  void leavesOutWhatTheIgnoreFileOfTheDockerfileNames() throws Exception {
    Files.writeString(context.resolve("b.log"), "b");
    Files.writeString(context.resolve("Dockerfile.dockerignore"), "*.log\n");
    var run =
        build(
            "FROM busybox\nCOPY . /ctx\nRUN find /ctx -type f | sort\n",
            "--destination=" + registry.host() + "/demo/ignore:1");

    assertThat(run.exitCode).as("%s", run.lines).isZero();
    assertThat(run.lines).contains("/ctx/index.html").doesNotContain("/ctx/b.log");
  }

  @Test
  void aFailingRunPassesItsExitCodeOn() throws Exception {
    var run =
        build(
            "FROM busybox\nRUN echo before && echo \"oh no\" >&2 && exit 3\nRUN echo never\n",
            "--destination=" + registry.host() + "/demo/x:1");

    assertThat(run.exitCode).isEqualTo(3);
    // Standard output and standard error are two pipes: nothing orders them between each other.
    assertThat(run.lines.subList(run.lines.size() - 3, run.lines.size() - 1))
        .containsExactlyInAnyOrder("before", "oh no");
    assertThat(run.last())
        .isEqualTo(
            "error building image: error building stage: failed to execute command: waiting for"
                + " process to exit: exit status 3");
  }

  @Test
  void aProgramThatIsMissingCannotBeStarted() throws Exception {
    var run =
        build(
            "FROM busybox\nRUN [\"/bin/nope\",\"x\"]\n",
            "--destination=" + registry.host() + "/demo/x:1");

    assertThat(run.exitCode).isEqualTo(1);
    assertThat(run.last())
        .isEqualTo(
            "error building image: error building stage: failed to execute command: starting"
                + " command: fork/exec /bin/nope: no such file or directory");
  }

  @Test
  void aFileThatIsNotInTheContextCannotBeCopied() throws Exception {
    var run =
        build(
            "FROM busybox\nCOPY nothere.txt /x\n",
            "--destination=" + registry.host() + "/demo/x:1");

    assertThat(run.exitCode).isEqualTo(1);
    var path = context.resolve("nothere.txt");
    assertThat(run.last())
        .isEqualTo(
            "error building image: error building stage: failed to get files used from context:"
                + " failed to get fileinfo for "
                + path
                + ": lstat "
                + path
                + ": no such file or directory");
  }

  @Test
  void aBaseImageThatIsNotInItsRegistryIsNamed() throws Exception {
    var run =
        build(
            "FROM " + registry.host() + "/base:nope\n",
            "--destination=" + registry.host() + "/demo/x:1");

    assertThat(run.exitCode).isEqualTo(1);
    assertThat(run.last())
        .startsWith("error building image: unable to complete operation after 0 attempts")
        .contains("MANIFEST_UNKNOWN: manifest unknown; map[Tag:nope]");
  }

  @Test
  void aRegistryThatIsDownIsFoundOutBeforeBuilding() throws Exception {
    var run = build("FROM busybox\n", "--destination=127.0.0.1:1/demo/x:1");

    assertThat(run.exitCode).isEqualTo(1);
    assertThat(run.lines)
        .containsExactly(
            "error checking push permissions -- make sure you entered the correct tag name, and"
                + " that you are authenticated correctly, and try again: checking push permission"
                + " for \"127.0.0.1:1/demo/x:1\": creating push check transport for 127.0.0.1:1"
                + " failed: Get \"http://127.0.0.1:1/v2/\": dial tcp 127.0.0.1:1: connect:"
                + " connection refused");
  }

  @Test
  void aWrongPasswordIsFoundOutBeforeBuilding() throws Exception {
    var run =
        build("FROM busybox\n", login("wrong"), "--destination=" + guarded.host() + "/team/app:2");

    assertThat(run.exitCode).isEqualTo(1);
    assertThat(run.last())
        .startsWith("error checking push permissions")
        .contains("UNAUTHORIZED: authentication required");
  }

  @Test
  void theRightPasswordLetsItPush() throws Exception {
    var run =
        build(
            "FROM busybox\nCOPY index.html /\n",
            login("secret"),
            "--destination=" + guarded.host() + "/team/app:2");

    assertThat(run.exitCode).as("%s", run.lines).isZero();
  }

  @Test
  void writesATarAndADigestWithoutPushing() throws Exception {
    var tar = context.resolve("image.tar");
    var digest = context.resolve("digest");
    var run =
        build(
            "FROM busybox\nCOPY index.html /\n",
            "--no-push",
            "--tar-path=" + tar,
            "--destination=registry.test/demo/x:1",
            "--digest-file=" + digest);

    assertThat(run.exitCode).as("%s", run.lines).isZero();
    assertThat(run.messages().getLast())
        .isEqualTo("level=info msg=\"Skipping push to container registry due to --no-push flag\"");
    assertThat(tar).isNotEmptyFile();
    assertThat(Files.readString(digest)).startsWith("sha256:");
  }

  private Map<String, String> login(String password) throws IOException {
    var directory = Files.createDirectories(context.resolveSibling("docker-" + password));
    Files.writeString(
        directory.resolve("config.json"),
        "{\"auths\":{\"%s\":{\"username\":\"ana\",\"password\":\"%s\"}}}"
            .formatted(guarded.host(), password));
    return Map.of("DOCKER_CONFIG", directory.toString());
  }

  private Run build(String dockerfile, String... flags) throws IOException {
    return build(dockerfile, Map.of(), flags);
  }

  private Run build(String dockerfile, Map<String, String> environment, String... flags)
      throws IOException {
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    var arguments = new ArrayList<>(List.of(flags));
    arguments.add("--context=dir://" + context);
    arguments.add("--dockerfile=" + context.resolve("Dockerfile"));
    arguments.add("--log-format=text");
    var all = new HashMap<>(environment);
    all.put(KanikoMain.STORE, shared.resolve("builder").toString());
    var output = new ByteArrayOutputStream();
    try (var stream = new PrintStream(output, true, StandardCharsets.UTF_8)) {
      int exitCode = KanikoMain.run(arguments.toArray(new String[0]), all, stream);
      return new Run(exitCode, output.toString(StandardCharsets.UTF_8).lines().toList());
    }
  }
}
