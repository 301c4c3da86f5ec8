package dev.slipway.demo.cluster.image;

import dev.slipway.demo.cluster.node.container.NetworkNamespace;
import dev.slipway.demo.cluster.node.container.Sandbox;
import dev.slipway.demo.cluster.node.net.TcpForwarder;
import dev.slipway.demo.cluster.process.FreePort;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/** An OCI registry on loopback: Debian's docker-registry, which lives no longer than we do. */
public final class Registry implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final int BCRYPT_COST = 4;

  /** The one user who may read and write. */
  public record Login(String user, String password) {}

  private final Sandbox sandbox;
  private final Process process;
  private final int port;
  private final List<TcpForwarder> doors = new ArrayList<>();

  private Registry(Sandbox sandbox, Process process, int port) {
    this.sandbox = sandbox;
    this.process = process;
    this.port = port;
  }

  /**
   * Starts it on a free port and waits until it answers.
   *
   * @param directory an existing one, for its data, which is found again at the next start
   * @param login without it, everybody may read and write
   */
  public static Registry start(Path directory, Optional<Login> login)
      throws IOException, InterruptedException {
    int port = FreePort.find();
    var config = directory.resolve("config.yml");
    Files.writeString(config, config(directory, port, login));
    // In a sandbox only because that ends with us; its network is the host's.
    var sandbox = Sandbox.start();
    var argv = new ArrayList<>(sandbox.entrance(NetworkNamespace.HOST));
    argv.add("docker-registry");
    argv.add("serve");
    argv.add(config.toString());
    try {
      var process =
          new ProcessBuilder(argv)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("registry.log").toFile())
              .start();
      var registry = new Registry(sandbox, process, port);
      registry.awaitAnswer();
      return registry;
    } catch (IOException | InterruptedException e) {
      sandbox.close();
      throw e;
    }
  }

  /** What names of images in it begin with, such as {@code 127.0.0.1:40321}. */
  public String host() {
    return "127.0.0.1:" + port;
  }

  /**
   * What names of images in it begin with for those who have another loopback: pods.
   *
   * @param address of this machine, as pods know it
   */
  public String hostAt(String address) throws IOException {
    var registry = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    var door = TcpForwarder.listen(new InetSocketAddress(address, 0), () -> Optional.of(registry));
    doors.add(door);
    return address + ":" + door.port();
  }

  private static String config(Path directory, int port, Optional<Login> login) throws IOException {
    var text =
        """
        version: 0.1
        log:
          level: warn
          accesslog:
            disabled: true
        storage:
          filesystem:
            rootdirectory: %s
          delete:
            enabled: true
        http:
          addr: 127.0.0.1:%d
        """
            .formatted(Files.createDirectories(directory.resolve("data")), port);
    if (login.isEmpty()) {
      return text;
    }
    var users = directory.resolve("htpasswd");
    var salt = new byte[16];
    new SecureRandom().nextBytes(salt);
    var hash =
        OpenBSDBCrypt.generate("2y", login.get().password().toCharArray(), salt, BCRYPT_COST);
    Files.writeString(users, login.get().user() + ":" + hash + "\n");
    return text
        + """
        auth:
          htpasswd:
            realm: registry
            path: %s
        """
            .formatted(users);
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    var deadline = System.nanoTime() + START_LIMIT.toNanos();
    var url = URI.create("http://" + host() + "/v2/").toURL();
    while (true) {
      try {
        // The JDK's old HTTP client, which for one question is ready a tenth of a second sooner.
        var question = (HttpURLConnection) url.openConnection();
        question.setReadTimeout((int) START_LIMIT.toMillis());
        question.getResponseCode();
        question.disconnect();
        return;
      } catch (IOException e) {
        if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
          throw new IOException("docker-registry has ended; see registry.log", e);
        }
        if (System.nanoTime() > deadline) {
          throw new IOException("docker-registry does not answer", e);
        }
      }
    }
  }

  @Override
  public void close() {
    doors.forEach(TcpForwarder::close);
    sandbox.close();
    process.destroyForcibly();
  }
}
