package dev.slipway.demo.cluster.kaniko;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a build is asked for, by Kaniko's flags. */
@Command(name = "executor")
final class KanikoOptions {
  /**
   * Where layers are kept.
   *
   * @param ttl as Go writes durations
   */
  record Layers(String repository, String ttl) {}

  @Option(
      names = {"-c", "--context"},
      defaultValue = "/workspace/")
  private String context = "";

  @Option(names = "--context-sub-path", defaultValue = "")
  private String subPath = "";

  @Option(
      names = {"-f", "--dockerfile"},
      defaultValue = "Dockerfile")
  private String dockerfile = "";

  @Option(names = {"-d", "--destination"})
  List<String> destinations = new ArrayList<>();

  @Option(names = "--digest-file")
  Optional<Path> digestFile = Optional.empty();

  @Option(names = "--log-format", defaultValue = "color")
  String logFormat = "";

  @Option(names = "--build-arg")
  List<String> buildArguments = new ArrayList<>();

  @Option(names = "--label")
  List<String> labels = new ArrayList<>();

  @Option(names = "--secret")
  List<String> secrets = new ArrayList<>();

  @Option(names = "--target")
  Optional<String> target = Optional.empty();

  @Option(names = "--tar-path")
  Optional<Path> tar = Optional.empty();

  @Option(names = "--no-push", arity = "0..1", fallbackValue = "true")
  boolean noPush;

  @Option(names = "--skip-push-permission-check", arity = "0..1", fallbackValue = "true")
  boolean skipPushCheck;

  @Option(names = "--cache", arity = "0..1", fallbackValue = "true")
  private boolean cache;

  @Option(names = "--cache-repo", defaultValue = "")
  private String cacheRepository = "";

  @Option(names = "--cache-ttl", defaultValue = "336h")
  private String cacheTtl = "";

  @Option(names = "--reproducible", arity = "0..1", fallbackValue = "true")
  boolean reproducible;

  @Option(names = "--insecure", arity = "0..1", fallbackValue = "true")
  private boolean insecure;

  @Option(names = "--skip-tls-verify", arity = "0..1", fallbackValue = "true")
  boolean skipTlsVerify;

  @Option(names = "--insecure-registry")
  private List<String> insecureRegistries = new ArrayList<>();

  @Option(names = "--push-retry", defaultValue = "0")
  private int pushRetry;

  @Option(names = "--image-download-retry", defaultValue = "0")
  private int downloadRetry;

  @Option(
      names = {
        "--cache-copy-layers", "--cache-run-layers",
        "--cleanup", "--compressed-caching",
        "--force", "--ignore-var-run",
        "--insecure-pull", "--single-snapshot",
        "--skip-tls-verify-pull", "--use-new-run"
      },
      arity = "0..1",
      fallbackValue = "true",
      description = "taken, and of no effect here")
  @SuppressWarnings("UnusedVariable")
  private boolean ignoredFlag;

  @Option(
      names = {
        "--cache-dir", "--compression", "--compression-level",
        "--registry-certificate", "--registry-mirror", "--skip-tls-verify-registry",
        "--snapshot-mode", "--verbosity", "-v"
      },
      description = "taken, and of no effect here")
  @SuppressWarnings("UnusedVariable")
  private List<String> ignoredValues = new ArrayList<>();

  /** The directory that is built. */
  Path directory() {
    return Path.of(context.replaceFirst("^dir://", "")).resolve(subPath);
  }

  /** The first that exists: against the working directory, then against the context. */
  Optional<Path> dockerfile() {
    return Stream.of(Path.of(dockerfile).toAbsolutePath(), directory().resolve(dockerfile))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  Optional<Layers> layers() {
    if (!cache) {
      return Optional.empty();
    }
    var repository =
        cacheRepository.isEmpty()
            ? destinations.getFirst().replaceFirst(":[^:/]*$", "") + "/cache"
            : cacheRepository;
    return Optional.of(new Layers(repository, cacheTtl));
  }

  /** Whether the registry of an image need not speak TLS. */
  boolean isPlain(String image) {
    return insecure
        || image.startsWith("127.")
        || image.startsWith("localhost")
        || insecureRegistries.contains(image.replaceFirst("/.*", ""));
  }

  /** How often a failing push or check of a base image is tried again. */
  int attempts() {
    return Math.max(pushRetry, downloadRetry);
  }
}
