package dev.slipway.hooks.context;

import dev.slipway.crd.registry.DockerConfig;
import dev.slipway.crd.registry.ImageLocation;
import dev.slipway.crd.registry.InvalidDockerConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Init container of a build: brings its build context into the pod. What it is told nobody types,
 * and every push waits for it: without a library to read its arguments it ends twice as early.
 */
public final class FetchContext {
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration READ_LIMIT = Duration.ofMinutes(5);

  /** {@code http://…/contexts/<id>}. */
  private final URI url;

  private final Path tokenFile;

  /** Of the archive, in hex. */
  private final String sha256;

  /** An existing, empty directory. */
  private final Path into;

  /** How long to try while nobody answers. */
  private final Duration patience;

  /** Gets the sentence when it fails. */
  private final Path terminationLog;

  /** Logins for registries, in any of Docker's forms, to turn into a {@code config.json}. */
  private final @Nullable Path credentials;

  /** The directory that gets it. */
  private final @Nullable Path dockerConfig;

  /** Whose login counts where a registry has several. */
  private final String image;

  private FetchContext(Map<String, String> options) {
    this.url = URI.create(required(options, "--url"));
    this.tokenFile = Path.of(required(options, "--token-file"));
    this.sha256 = required(options, "--sha256");
    this.into = Path.of(required(options, "--into"));
    this.patience = Duration.parse(options.getOrDefault("--patience", "PT1M"));
    this.terminationLog =
        Path.of(options.getOrDefault("--termination-log", "/dev/termination-log"));
    this.credentials = path(options.get("--credentials"));
    this.dockerConfig = path(options.get("--docker-config"));
    this.image = options.getOrDefault("--image", "");
  }

  private static String required(Map<String, String> options, String name) {
    return Objects.requireNonNull(options.get(name), name);
  }

  private static @Nullable Path path(@Nullable String option) {
    return option == null ? null : Path.of(option);
  }

  /**
   * Fetches, verifies and unpacks a build context.
   *
   * @param arguments each as {@code --name=value}
   * @return the exit code
   */
  public static int run(String... arguments) {
    Map<String, String> options = new HashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      options.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    return new FetchContext(options).call();
  }

  /** A failure that nobody needs a stack trace for. */
  private static final class FetchException extends Exception {
    FetchException(String message) {
      super(message);
    }
  }

  private int call() {
    Path archive = into.resolve(".context.tar");
    try {
      convertCredentials();
      fetch(archive);
      try (InputStream in = Files.newInputStream(archive)) {
        ContextUnpacker.unpack(in, into);
      }
      Files.delete(archive);
      return 0;
    } catch (InvalidDockerConfigException e) {
      return failed(
          "The Secret in spec.registry.credentials holds no registry credentials, %s; kubectl create secret docker-registry makes one that does."
              .formatted(e.getMessage()));
    } catch (FetchException | IOException e) {
      return failed("The build context could not be fetched: " + describe(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed("The build context could not be fetched: interrupted");
    }
  }

  /** Tries until somebody answers: a Service that is new may not be reachable at once. */
  private void fetch(Path archive) throws FetchException, IOException, InterruptedException {
    String token = Files.readString(tokenFile).strip();
    Instant giveUp = Instant.now().plus(patience);
    while (true) {
      String trouble;
      HttpURLConnection http = open(token);
      try {
        int status = http.getResponseCode();
        if (status == HttpURLConnection.HTTP_OK) {
          try (InputStream body = http.getInputStream()) {
            verify(body, archive);
            return;
          }
        }
        trouble = "gitd answered " + status;
        if (status < HttpURLConnection.HTTP_INTERNAL_ERROR) {
          throw new FetchException(trouble + "; the push that it belongs to has ended");
        }
      } catch (IOException e) {
        trouble = describe(e);
      } finally {
        http.disconnect();
      }
      if (Instant.now().isAfter(giveUp)) {
        throw new FetchException("%s, for %s".formatted(trouble, patience));
      }
      Thread.sleep(PAUSE);
    }
  }

  /**
   * The JDK's old client, since every push waits for this process: the new one needs 0.4 s more.
   */
  private HttpURLConnection open(String token) throws IOException {
    HttpURLConnection http = (HttpURLConnection) url.toURL().openConnection();
    // The token is for nobody else.
    http.setInstanceFollowRedirects(false);
    http.setRequestProperty("Authorization", "Bearer " + token);
    http.setConnectTimeout((int) CONNECT_LIMIT.toMillis());
    http.setReadTimeout((int) READ_LIMIT.toMillis());
    return http;
  }

  /** Nothing is unpacked that has not been verified as a whole. */
  private void verify(InputStream body, Path archive) throws IOException, FetchException {
    MessageDigest digest = Checksums.sha256();
    Files.deleteIfExists(archive);
    Files.copy(new DigestInputStream(body, digest), archive);
    String actual = HexFormat.of().formatHex(digest.digest());
    if (!actual.equals(sha256.toLowerCase(Locale.ROOT))) {
      Files.delete(archive);
      throw new FetchException("its SHA-256 is %s, not %s as expected".formatted(actual, sha256));
    }
  }

  /** Builders read only one of the forms, and Docker Hub's login under one of its names only. */
  private void convertCredentials() throws IOException, InvalidDockerConfigException {
    if (credentials != null && dockerConfig != null) {
      String config =
          DockerConfig.parse(Files.readString(credentials)).forBuilder(ImageLocation.of(image));
      Files.writeString(dockerConfig.resolve("config.json"), config);
    }
  }

  private int failed(String sentence) {
    System.err.println(sentence);
    try {
      Files.writeString(terminationLog, sentence);
    } catch (IOException e) {
      // Outside a pod there is no such file; the log has the sentence.
    }
    return 1;
  }

  private String describe(Exception e) {
    return switch (e) {
      case UnknownHostException unknown -> url.getHost() + " is not known";
      case ConnectException refused -> noConnection();
      case NoRouteToHostException unreachable -> noConnection();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }

  private String noConnection() {
    return "no connection to %s:%d".formatted(url.getHost(), url.getPort());
  }
}
