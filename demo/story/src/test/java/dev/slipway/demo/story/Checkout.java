package dev.slipway.demo.story;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A developer's checkout, worked on with the real git. */
final class Checkout {
  private static final int HASH = 40;

  private final Stage stage;
  private final Path folder;

  /**
   * Makes an empty repository, or takes the one in the folder, whose remote {@code dev} is {@code
   * url}.
   *
   * @param stage knows the developer's key
   */
  Checkout(Stage stage, Path folder, String url) {
    this.stage = stage;
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    done("init", "-q", "-b", "master");
    git("remote", "add", "dev", url);
  }

  Path folder() {
    return folder;
  }

  /** The URL of the remote. */
  URI url() {
    return URI.create(done("remote", "get-url", "dev").text().strip());
  }

  Checkout write(String file, String text) {
    try {
      Path path = folder.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Writes a program for the shell, which may be executed. */
  Checkout writeProgram(String file, String text) {
    write(file, "#!/bin/sh\n" + text + "\n");
    if (!folder.resolve(file).toFile().setExecutable(true)) {
      throw new AssertionError(file + " cannot be made executable");
    }
    return this;
  }

  Checkout delete(String file) {
    try {
      Files.delete(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Commits everything, also when nothing has changed, and returns the commit. */
  String commit(String message) {
    done("add", "-A");
    done("commit", "-q", "--allow-empty", "-m", message);
    return head();
  }

  String head() {
    return done("rev-parse", "HEAD").text().strip();
  }

  Stage.Result git(String... arguments) {
    var command = new String[arguments.length + 1];
    command[0] = "git";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return stage.quietly(folder, command);
  }

  /**
   * Pushes the branch that deploys.
   *
   * @param eachLine gets what git says as it comes
   */
  Stage.Result push(Consumer<String> eachLine) {
    return stage.followed(folder, eachLine, "git", "push", "dev", "master");
  }

  /** All its objects in one pack. */
  byte[] pack() throws IOException {
    done("repack", "-a", "-d", "-q");
    try (var packs = Files.newDirectoryStream(folder.resolve(".git/objects/pack"), "*.pack")) {
      return Files.readAllBytes(packs.iterator().next());
    }
  }

  /** The commit that a ref of the remote points at, empty when it has no such ref. */
  String remote(String ref) {
    String line = done("ls-remote", "dev", ref).text().strip();
    return line.isEmpty() ? "" : line.substring(0, HASH);
  }

  private Stage.Result done(String... arguments) {
    Stage.Result result = git(arguments);
    if (result.exitCode() != 0) {
      throw new AssertionError("git " + String.join(" ", arguments) + ":\n" + result.text());
    }
    return result;
  }
}
