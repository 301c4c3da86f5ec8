package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * One way in to a Remote, tried with OpenSSH's client.
 *
 * @param url as it is given to {@code git remote add}
 */
record Door(URI url, Path knownHosts) {
  /** How what git-upload-pack says begins: the length of the first line. */
  private static final Pattern GREETING = Pattern.compile("[0-9a-f]{4}.*", Pattern.DOTALL);

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /** A session that never asks for anything, so that only the server ends it. */
  static final class Session implements AutoCloseable {
    private final Process process;
    private final CompletableFuture<String> greeting = new CompletableFuture<>();
    private final CompletableFuture<Long> end = new CompletableFuture<>();

    private Session(Process process) {
      this.process = process;
      greeting.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      end.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      Thread.ofVirtual().start(this::read);
    }

    private void read() {
      try (var output = process.getInputStream()) {
        greeting.complete(new String(output.readNBytes(4), StandardCharsets.UTF_8));
        output.readAllBytes();
        process.waitFor();
        end.complete(System.nanoTime());
      } catch (IOException | InterruptedException e) {
        greeting.completeExceptionally(e);
        end.completeExceptionally(e);
      }
    }

    /** Whether the key was good; waits until that is known. */
    boolean isOpen() {
      return GREETING.matcher(greeting.join()).matches();
    }

    /** When it ended, as {@link System#nanoTime()}; waits for it. */
    long end() {
      return end.join();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  /** Knocks once. */
  Session knock(Path key) {
    var ssh =
        new ProcessBuilder(
            "ssh",
            "-F",
            "none",
            "-o",
            "BatchMode=yes",
            "-o",
            "IdentitiesOnly=yes",
            "-o",
            "IdentityAgent=none",
            "-o",
            "KexAlgorithms=curve25519-sha256",
            "-o",
            "UserKnownHostsFile=" + knownHosts,
            "-i",
            key.toString(),
            "-p",
            Integer.toString(url.getPort()),
            url.getUserInfo() + "@" + url.getHost(),
            "git-upload-pack '" + url.getPath().substring(1) + "'");
    try {
      // What is said there, such as that gitd is being woken, is no greeting.
      return new Session(ssh.redirectError(ProcessBuilder.Redirect.DISCARD).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Knocks until it is let in. */
  Session enter(Path key) {
    long start = System.nanoTime();
    Session session = knock(key);
    while (!session.isOpen()) {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
      session = knock(key);
    }
    return session;
  }

  /** Knocks until it is refused. */
  void awaitRefusal(Path key) {
    long start = System.nanoTime();
    boolean refused = false;
    while (!refused) {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
      try (Session session = knock(key)) {
        refused = !session.isOpen();
      }
    }
  }
}
