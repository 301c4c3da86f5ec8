package dev.slipway.demo.story;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The files that a person at the terminal has: a checkout, a key, a kubeconfig, a remote.yaml. */
record Scene(Path folder, Path app, Path kubeconfig, String remoteYaml) {
  /** What remote.yaml has for the registry. */
  static final String REGISTRY = "registry.example/guestbook";

  /**
   * What to write instead of {@link #REGISTRY}.
   *
   * @param pullUrl what nodes know it by, empty if that is the same
   * @param insecure whether it speaks plain HTTP
   */
  static String registry(String url, String pullUrl, boolean insecure) {
    return url
        + (pullUrl.isEmpty() ? "" : "\n    pullUrl: " + pullUrl)
        + (insecure ? "\n    insecure: true" : "");
  }

  /**
   * Lays them out in {@code folder}.
   *
   * @param app the example app as it lies in Slipway's own repository
   * @param registry prefix of image names, for example {@code 127.0.0.1:5000}, or more of it
   */
  static Scene layOut(Path folder, Path app, Path kubeconfig, String registry) {
    return layOut(folder, app, kubeconfig, text -> text.replace(REGISTRY, registry));
  }

  /**
   * Lays them out in {@code folder}.
   *
   * @param app the example app as it lies in Slipway's own repository
   * @param remote completes what the app's remote.yaml leaves to the cluster at hand
   */
  static Scene layOut(Path folder, Path app, Path kubeconfig, UnaryOperator<String> remote) {
    try {
      Files.createDirectories(folder);
      makeKey(folder, "id_ed25519", "ana@example.org");
      String remoteYaml =
          remote.apply(
              Files.readString(app.resolve("remote.yaml"))
                  .replace(
                      "ssh-ed25519 AAAA… you@example.org",
                      Files.readString(folder.resolve("id_ed25519.pub")).strip()));
      Files.writeString(folder.resolve("remote.yaml"), remoteYaml);
      Files.copy(app.resolve("kubernetes.yaml"), folder.resolve("kubernetes.yaml"));
      Files.writeString(
          folder.resolve("gitconfig"),
          """
          [user]
          \tname = Ana
          \temail = ana@example.org
          [init]
          \tdefaultBranch = master
          [advice]
          \tdetachedHead = false
          """);
      Files.createDirectories(folder.resolve("guestbook"));
      return new Scene(folder, app, kubeconfig, remoteYaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The checkout that is pushed. */
  Path repository() {
    return folder.resolve("guestbook");
  }

  /** What commands need besides what the person has anyway. */
  Map<String, String> environment() {
    return Map.of(
        "KUBECONFIG", kubeconfig.toString(),
        "GIT_SSH_COMMAND", sshCommand(),
        "GIT_CONFIG_GLOBAL", folder.resolve("gitconfig").toString(),
        "GIT_TERMINAL_PROMPT", "0");
  }

  String sshCommand() {
    return sshCommand(folder.resolve("id_ed25519"));
  }

  /** With another key than the person's own. */
  String sshCommand(Path key) {
    return "ssh -F none -o IdentitiesOnly=yes -o IdentityAgent=none -o UserKnownHostsFile=%s -i %s"
        .formatted(folder.resolve("known_hosts"), key);
  }

  /** A key that nobody has heard of. */
  Path strangersKey() {
    Path key = folder.resolve("stranger");
    if (!Files.exists(key)) {
      try {
        makeKey(folder, "stranger", "mallory@example.org");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return key;
  }

  private static void makeKey(Path folder, String file, String comment) throws IOException {
    run(folder, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", file);
  }

  /** Pastes what the Remote says of its host key. */
  void trust(String knownHosts) {
    try {
      Files.writeString(
          folder.resolve("known_hosts"),
          knownHosts + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies the example app to where it is pushed from. */
  void startRepository() {
    try (Stream<Path> files = Files.walk(app)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = repository().resolve(app.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(Path folder, String... command) throws IOException {
    Process process = new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start();
    try {
      if (process.waitFor() != 0) {
        throw new StoryFailedException(String.join(" ", command) + " failed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoryFailedException("interrupted in " + command[0]);
    }
  }
}
