package dev.slipway.gitd.bench;

import dev.slipway.gitd.Developer;
import dev.slipway.gitd.Eventually;
import dev.slipway.gitd.SshTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** OpenSSH's sshd on loopback with its own key and config, in front of C git. */
final class OpenSshGit implements SshTarget, AutoCloseable {
  private final Path repository;
  private final int port;
  private final Process process;

  private OpenSshGit(Path repository, int port, Process process) {
    this.repository = repository;
    this.port = port;
    this.process = process;
  }

  static OpenSshGit start(Path folder, Developer allowed) throws IOException {
    Path hostKey = Developer.withKey(folder, "sshd", "-t", "ed25519").key();
    Path keys = Files.writeString(folder.resolve("authorized_keys"), allowed.publicKey() + "\n");
    Path repository = folder.resolve("repository.git");
    allowed.succeed(allowed.git(folder, "init", "-q", "--bare", repository.toString()));
    int port = freePort();
    Path config =
        Files.writeString(
            folder.resolve("sshd_config"),
            """
            ListenAddress 127.0.0.1
            Port %d
            HostKey %s
            AuthorizedKeysFile %s
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password
            PrintMotd no
            MaxStartups 1000
            MaxSessions 100
            """
                .formatted(port, hostKey, keys));
    if (System.getProperty("user.name").equals("root")) {
      Files.createDirectories(Path.of("/run/sshd"));
    }
    Process process =
        new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("sshd.log").toFile())
            .start();
    OpenSshGit started = new OpenSshGit(repository, port, process);
    Eventually.await().until(started::listens);
    return started;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public String user() {
    return System.getProperty("user.name");
  }

  Process process() {
    return process;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public String url() {
    return "ssh://%s@127.0.0.1:%d%s".formatted(user(), port, repository);
  }

  @Override
  public void close() {
    process.destroy();
    Eventually.await().until(() -> !process.isAlive());
  }
}
