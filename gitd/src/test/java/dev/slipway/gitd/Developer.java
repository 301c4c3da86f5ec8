package dev.slipway.gitd;

import dev.slipway.crd.keys.AuthorizedKey;
import dev.slipway.crd.keys.AuthorizedKey.UnusableKeyException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;

/** A person at a machine of their own: a key, a home, and the real git and ssh. */
public final class Developer {
  private final Path home;
  private final Path key;

  private Developer(Path home, Path key) {
    this.home = home;
    this.key = key;
  }

  /** What a command did. */
  public record Ran(int exit, String out, String err) {
    public String all() {
      return out + err;
    }
  }

  /** Somebody with a new key of a type that ssh-keygen knows. */
  public static Developer withKey(Path folder, String name, String... keygenOptions) {
    try {
      Path home = Files.createDirectories(folder.resolve(name));
      // It would go on in the background after a commit, when the folder may go already.
      Files.writeString(home.resolve(".gitconfig"), "[maintenance]\n  auto = false\n");
      Path key = home.resolve("id");
      List<String> argv = new ArrayList<>(List.of("ssh-keygen", "-q", "-N", "", "-C", name));
      argv.addAll(List.of(keygenOptions));
      argv.addAll(List.of("-f", key.toString()));
      Developer developer = new Developer(home, key);
      developer.succeed(developer.run(home, argv));
      return developer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path home() {
    return home;
  }

  public Path key() {
    return key;
  }

  /** The line for authorized_keys. */
  public String publicKey() {
    try {
      return Files.readString(home.resolve("id.pub")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same as a value. */
  public PublicKey parsedKey() {
    try {
      return AuthorizedKey.parse(publicKey()).key();
    } catch (UnusableKeyException e) {
      throw new IllegalStateException(e);
    }
  }

  public String fingerprint() {
    return succeed(run(home, List.of("ssh-keygen", "-lf", key + ".pub"))).out().split(" ", 3)[1];
  }

  /**
   * ssh with this person's key, as git calls it.
   *
   * @param options come first: with ssh, the first value of an option wins
   */
  public List<String> sshCommand(String... options) {
    List<String> argv = new ArrayList<>(List.of("ssh"));
    argv.addAll(List.of(options));
    argv.addAll(sshDefaults());
    return argv;
  }

  /** With no post-quantum key exchange, on which a young JVM spends more than on all the rest. */
  private List<String> sshDefaults() {
    return List.of(
        "-o",
        "KexAlgorithms=curve25519-sha256",
        "-F",
        "none",
        "-i",
        key.toString(),
        "-o",
        "IdentitiesOnly=yes",
        "-o",
        "IdentityAgent=none",
        "-o",
        "BatchMode=yes",
        "-o",
        "StrictHostKeyChecking=no",
        "-o",
        "UserKnownHostsFile=/dev/null",
        "-o",
        "LogLevel=ERROR");
  }

  public Ran ssh(SshTarget gitd, List<String> options, String... command) {
    return run(home, sshArgv(gitd, options, command));
  }

  public List<String> sshArgv(SshTarget gitd, List<String> options, String... command) {
    List<String> argv = sshCommand(options.toArray(String[]::new));
    argv.addAll(List.of("-p", String.valueOf(gitd.port()), gitd.user() + "@127.0.0.1"));
    argv.addAll(List.of(command));
    return argv;
  }

  public Ran git(Path folder, String... arguments) {
    return run(folder, gitArgv(arguments));
  }

  /** git, with options for the ssh that it calls. */
  public Ran gitOver(List<String> sshOptions, Path folder, String... arguments) {
    return finish(start(folder, gitArgv(arguments), sshCommand(sshOptions.toArray(String[]::new))));
  }

  private static List<String> gitArgv(String... arguments) {
    List<String> argv = new ArrayList<>(List.of("git"));
    argv.addAll(List.of(arguments));
    return argv;
  }

  /** A clone of nothing with one commit and a remote named dev. */
  public Path project(String name, SshTarget gitd) {
    Path folder = home.resolve(name);
    succeed(git(home, "init", "-q", "-b", "master", folder.toString()));
    succeed(git(folder, "remote", "add", "dev", gitd.url()));
    commit(folder, "README", "hello\n");
    return folder;
  }

  public void commit(Path folder, String file, String content) {
    try {
      Files.writeString(folder.resolve(file), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    succeed(git(folder, "add", "-A"));
    succeed(git(folder, "commit", "-q", "-m", "change " + file));
  }

  public Ran succeed(Ran ran) {
    if (ran.exit() != 0) {
      throw new AssertionError("exit %d\n%s%s".formatted(ran.exit(), ran.out(), ran.err()));
    }
    return ran;
  }

  public Process start(Path folder, List<String> argv) {
    return start(folder, argv, sshCommand());
  }

  private Process start(Path folder, List<String> argv, List<String> ssh) {
    try {
      ProcessBuilder builder = new ProcessBuilder(argv).directory(folder.toFile());
      builder
          .environment()
          .keySet()
          .removeIf(name -> name.startsWith("GIT_") || name.startsWith("SSH_"));
      builder.environment().put("HOME", home.toString());
      builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
      builder.environment().put("GIT_TERMINAL_PROMPT", "0");
      builder.environment().put("GIT_SSH_COMMAND", String.join(" ", ssh));
      for (String who : List.of("AUTHOR", "COMMITTER")) {
        builder.environment().put("GIT_" + who + "_NAME", home.getFileName().toString());
        builder.environment().put("GIT_" + who + "_EMAIL", home.getFileName() + "@example.org");
      }
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Ran run(Path folder, List<String> argv) {
    return finish(start(folder, argv));
  }

  private static Ran finish(Process process) {
    try {
      process.getOutputStream().close();
      StringBuilder err = new StringBuilder();
      Thread reader = Thread.ofVirtual().start(() -> err.append(read(process.getErrorStream())));
      String out = read(process.getInputStream());
      reader.join();
      return new Ran(Eventually.exit(process), out, err.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IllegalStateException(e);
    }
  }

  private static String read(java.io.InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
