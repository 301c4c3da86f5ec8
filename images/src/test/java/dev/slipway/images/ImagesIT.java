package dev.slipway.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.demo.cluster.EmbeddedCluster;
import dev.slipway.demo.cluster.NodePart;
import dev.slipway.demo.cluster.image.Registry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The images as {@code make images} makes them, in a real registry and in pods. */
class ImagesIT {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final String PATIENCE = "--timeout=300s";

  @TempDir static Path folder;

  @BeforeAll
  static void needsDebian() {
    assumeTrue(
        "root".equals(System.getProperty("user.name")) && Files.exists(Path.of("/usr/bin/apt-get")),
        "needs root for containers, and Debian's packages for a base");
  }

  @Test
  void imagesOfTheRegistryServeAPushAndAreTheSameWhenBuiltAnew() throws Exception {
    try (var registry =
        Registry.start(Files.createDirectory(folder.resolve("registry")), Optional.empty())) {
      String name = registry.host() + "/slipway";
      String pushed = makeImages("--registry=" + name, "--insecure");
      try (var cluster = EmbeddedCluster.startTemporary(List.of(new NodePart(List.of(), 1)))) {
        install(cluster, name);
        pushTo(cluster, registry.host());
        assertThat(mappedByGitd()).anyMatch(line -> line.endsWith("/app/gitd.jsa"));
        assertThat(kubectl(cluster, "get", "pods", "-A", "-o", "yaml"))
            .contains("imageID: " + name + "/gitd@" + digest(pushed, "gitd"))
            .contains("imageID: " + name + "/controller@" + digest(pushed, "controller"))
            .contains("readOnlyRootFilesystem: true");
      }
      // Without what jib would only take from its cache.
      Folders.delete(TARGET.resolve("jib"));
      assertThat(digests(makeImages())).isEqualTo(digests(pushed));
    }
  }

  private static int run(String... more) {
    var arguments = new ArrayList<>(List.of("--target=" + TARGET, "--tag=it"));
    arguments.addAll(List.of(more));
    return ImagesMain.run(arguments.toArray(String[]::new));
  }

  private static String makeImages(String... more) {
    var printed = new ByteArrayOutputStream();
    PrintStream out = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      assertThat(run(more)).isZero();
    } finally {
      System.setOut(out);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    System.out.print(text);
    return text;
  }

  private static List<String> digests(String printed) {
    return List.of(digest(printed, "controller"), digest(printed, "gitd"));
  }

  private static String digest(String printed, String program) {
    return printed
        .lines()
        .filter(line -> line.startsWith(program + " "))
        .map(line -> line.replaceFirst(".*@(sha256:\\w{64}) .*", "$1"))
        .findFirst()
        .orElseThrow();
  }

  private static void install(EmbeddedCluster cluster, String registry) throws IOException {
    kubectl(cluster, "apply", "-f", "../crd/remote.yaml");
    String controller =
        Files.readString(Path.of("../deploy/slipway.yaml"))
            .replace("slipway/controller", registry + "/controller:it")
            .replace("slipway/gitd", registry + "/gitd:it");
    Path file = Files.writeString(folder.resolve("slipway.yaml"), controller);
    kubectl(cluster, "apply", "-f", file.toString());
    kubectl(
        cluster,
        "-n",
        "slipway-system",
        "rollout",
        "status",
        "deployment/slipway-controller",
        PATIENCE);
  }

  private static void pushTo(EmbeddedCluster cluster, String registry) throws Exception {
    Path key = folder.resolve("key");
    command(Map.of(), "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
    Path remote =
        Files.writeString(
            folder.resolve("remote.yaml"),
            """
            apiVersion: gitkube.sh/v1alpha1
            kind: Remote
            metadata: {name: dev}
            spec:
              authorizedKeys: ["%s"]
              registry: {url: %s/apps}
              service: {type: NodePort}
            """
                .formatted(Files.readString(Path.of(key + ".pub")).strip(), registry));
    kubectl(cluster, "apply", "-f", remote.toString());
    kubectl(cluster, "wait", "--for=condition=Ready", "remote/dev", PATIENCE);
    Path hosts = Files.writeString(folder.resolve("hosts"), status(cluster, "knownHosts") + "\n");
    Map<String, String> ssh =
        Map.of(
            "GIT_SSH_COMMAND",
            "ssh -i %s -o IdentitiesOnly=yes -o UserKnownHostsFile=%s".formatted(key, hosts));
    String repository = folder.resolve("repository").toString();
    command(ssh, "git", "init", "-q", "-b", "grün", repository);
    command(
        ssh,
        "git",
        "-C",
        repository,
        "-c",
        "user.name=Ana",
        "-c",
        "user.email=ana@example.org",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "Eins");
    String url = status(cluster, "remoteUrl");
    command(ssh, "git", "-C", repository, "push", url, "grün");
    assertThat(command(ssh, "git", "ls-remote", url)).contains("refs/heads/grün");
  }

  /** The files that the only gitd of this class has in its memory. */
  private static List<String> mappedByGitd() throws IOException {
    for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
      Path of = Path.of("/proc/" + process.pid());
      if (isGitd(of)) {
        return Files.readAllLines(of.resolve("maps"));
      }
    }
    throw new AssertionError("no gitd runs");
  }

  private static boolean isGitd(Path process) {
    try {
      return List.of(
              Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1).split("\0"))
          .containsAll(List.of("@/app/gitd.args", "serve"));
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  private static String status(EmbeddedCluster cluster, String field) {
    return kubectl(cluster, "get", "remote", "dev", "-o", "jsonpath={.status." + field + "}")
        .strip();
  }

  private static String kubectl(EmbeddedCluster cluster, String... arguments) {
    var result = cluster.kubectl().run(arguments);
    assertThat(result.exitCode()).as("%s", result).isZero();
    return result.output();
  }

  private static String command(Map<String, String> environment, String... argv)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(argv).redirectErrorStream(true);
    builder.environment().putAll(environment);
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
