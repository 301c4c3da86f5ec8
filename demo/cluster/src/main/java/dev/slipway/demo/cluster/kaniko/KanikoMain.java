package dev.slipway.demo.cluster.kaniko;

import dev.slipway.demo.cluster.image.RegistryCredentials;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program of the builder image: reads Kaniko's flags and runs the build. */
@Command(name = "executor")
public final class KanikoMain {
  /** Names the directory of the builds' common storage. */
  public static final String STORE = "SLIPWAY_BUILDER_STORE";

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
  private List<String> destinations = new ArrayList<>();

  @Option(names = "--digest-file")
  private @Nullable Path digestFile;

  @Option(names = "--log-format", defaultValue = "color")
  private String logFormat = "";

  @Option(names = "--build-arg")
  private List<String> buildArguments = new ArrayList<>();

  @Option(names = "--label")
  private List<String> labels = new ArrayList<>();

  @Option(names = "--secret")
  private List<String> secrets = new ArrayList<>();

  @Option(names = "--target")
  private @Nullable String target;

  @Option(names = "--tar-path")
  private @Nullable Path tar;

  @Option(names = "--no-push", arity = "0..1", fallbackValue = "true")
  private boolean noPush;

  @Option(names = "--skip-push-permission-check", arity = "0..1", fallbackValue = "true")
  private boolean skipPushCheck;

  @Option(names = "--cache", arity = "0..1", fallbackValue = "true")
  private boolean cache;

  @Option(names = "--cache-repo", defaultValue = "")
  private String cacheRepository = "";

  @Option(names = "--cache-ttl", defaultValue = "336h")
  private String cacheTtl = "";

  @Option(names = "--reproducible", arity = "0..1", fallbackValue = "true")
  private boolean reproducible;

  @Option(names = "--insecure", arity = "0..1", fallbackValue = "true")
  private boolean insecure;

  @Option(names = "--skip-tls-verify", arity = "0..1", fallbackValue = "true")
  private boolean skipTlsVerify;

  @Option(names = "--insecure-registry")
  private List<String> insecureRegistries = new ArrayList<>();

  @Option(names = "--push-retry", defaultValue = "0")
  private int pushRetry;

  @Option(names = "--image-download-retry", defaultValue = "0")
  private int downloadRetry;

  @Option(
      names = {
        "--cache-copy-layers",
        "--cache-run-layers",
        "--cleanup",
        "--compressed-caching",
        "--force",
        "--ignore-var-run",
        "--insecure-pull",
        "--single-snapshot",
        "--skip-tls-verify-pull",
        "--use-new-run"
      },
      arity = "0..1",
      fallbackValue = "true",
      description = "taken, and of no effect here")
  @SuppressWarnings("UnusedVariable")
  private boolean ignoredFlag;

  @Option(
      names = {
        "--cache-dir",
        "--compression",
        "--compression-level",
        "--registry-certificate",
        "--registry-mirror",
        "--skip-tls-verify-registry",
        "--snapshot-mode",
        "--verbosity",
        "-v"
      },
      description = "taken, and of no effect here")
  @SuppressWarnings("UnusedVariable")
  private List<String> ignoredValues = new ArrayList<>();

  private final Map<String, String> environment;

  private KanikoMain(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  public static void main(String[] arguments) {
    System.exit(run(arguments, System.getenv(), System.out));
  }

  /** Answers the exit code. */
  static int run(String[] arguments, Map<String, String> environment, PrintStream output) {
    var main = new KanikoMain(environment);
    try {
      new CommandLine(main).parseArgs(arguments);
      return main.build(output);
    } catch (UnmatchedArgumentException e) {
      return usage(output, "unknown flag: " + e.getUnmatched().getFirst().split("=", 2)[0]);
    } catch (CommandLine.ParameterException e) {
      return usage(output, String.valueOf(e.getMessage()));
    }
  }

  private int build(PrintStream output) {
    var log =
        new KanikoLog(
            KanikoLog.Format.valueOf(logFormat.toUpperCase(Locale.ROOT)),
            output,
            Clock.systemUTC());
    if (destinations.isEmpty() && !noPush) {
      return usage(output, "you must provide --destination, or use --no-push");
    }
    var directory = Path.of(context.replaceFirst("^dir://", "")).resolve(subPath);
    var file = dockerfile(directory);
    if (file.isEmpty()) {
      return usage(
          output,
          "error resolving dockerfile path: please provide a valid path to a Dockerfile within the"
              + " build context with --dockerfile");
    }
    try {
      new KanikoBuild(options(directory, file.get()), log, store(), credentials()).run();
      return 0;
    } catch (BuildFailed e) {
      log.raw(String.valueOf(e.getMessage()));
      return e.exitCode();
    } catch (IOException e) {
      log.raw("error building image: " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 2;
    }
  }

  private KanikoOptions options(Path directory, Path file) {
    return new KanikoOptions(
        directory,
        file,
        destinations,
        Optional.ofNullable(digestFile),
        buildArguments,
        labels,
        secrets,
        Optional.ofNullable(target),
        !noPush,
        !skipPushCheck,
        Optional.ofNullable(tar),
        layers(),
        reproducible,
        insecure,
        insecureRegistries,
        !skipTlsVerify,
        Math.max(pushRetry, downloadRetry));
  }

  private Optional<KanikoOptions.Layers> layers() {
    if (!cache) {
      return Optional.empty();
    }
    var repository =
        cacheRepository.isEmpty()
            ? destinations.getFirst().replaceFirst(":[^:/]*$", "") + "/cache"
            : cacheRepository;
    return Optional.of(new KanikoOptions.Layers(repository, cacheTtl));
  }

  /** Against the working directory first, then against the context. */
  private Optional<Path> dockerfile(Path directory) {
    var asGiven = Path.of(dockerfile).toAbsolutePath();
    var inContext = directory.resolve(dockerfile);
    return Files.isRegularFile(asGiven)
        ? Optional.of(asGiven)
        : Files.isRegularFile(inContext) ? Optional.of(inContext) : Optional.empty();
  }

  private Path store() {
    return Path.of(environment.getOrDefault(STORE, "/var/cache/slipway-builder"));
  }

  private RegistryCredentials credentials() throws IOException {
    var directory = environment.getOrDefault("DOCKER_CONFIG", "/kaniko/.docker");
    var file = Path.of(directory, "config.json");
    return Files.isRegularFile(file)
        ? RegistryCredentials.parse(Files.readString(file))
        : RegistryCredentials.none();
  }

  private static int usage(PrintStream output, String error) {
    try (var text = KanikoMain.class.getResourceAsStream("usage.txt")) {
      output.println("Error: " + error);
      if (text != null) {
        output.print(new String(text.readAllBytes(), StandardCharsets.UTF_8));
      }
      output.flush();
      return 1;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the usage text", e);
    }
  }
}
