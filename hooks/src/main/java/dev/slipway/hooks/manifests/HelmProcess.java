package dev.slipway.hooks.manifests;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs Helm's engine within limits of time and memory, and without anything of gitd's own. */
final class HelmProcess {
  private static final Logger log = LoggerFactory.getLogger(HelmProcess.class);
  private static final int MAX_MESSAGE = 16 << 10;

  /**
   * How much one rendering may take.
   *
   * @param memory what it may allocate, in bytes; the engine alone takes about 100 MiB
   * @param output in bytes
   */
  record Limits(Duration time, long memory, long output) {}

  private HelmProcess() {}

  /**
   * What {@code helm template} prints.
   *
   * @param folder private to this rendering and deleted by the caller; holds chart and values, and
   *     takes whatever else the engine writes
   * @throws InvalidManifestException with Helm's message, or the limit that was met
   * @throws InterruptedException when interrupted; the process is gone then
   */
  static String template(
      Path folder,
      Path chart,
      Path values,
      String namespace,
      @Nullable String release,
      Limits limits)
      throws IOException, InterruptedException, InvalidManifestException {
    Path out = folder.resolve("rendered");
    Path said = folder.resolve("said");
    Process process =
        start(folder, command(folder, chart, values, out, namespace, release, limits), said);
    try {
      if (!process.waitFor(limits.time().toMillis(), TimeUnit.MILLISECONDS)) {
        throw new InvalidManifestException(
            "takes longer than %d s; look for a template that loops"
                .formatted(limits.time().toSeconds()));
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    return switch (process.exitValue()) {
      case HelmMain.RENDERED -> Files.readString(out);
      case HelmMain.REFUSED -> throw new InvalidManifestException(head(out));
      default -> {
        log.info("Helm's engine ended with {}: {}", process.exitValue(), head(said));
        throw new InvalidManifestException(
            "takes more than %d MiB of memory, or becomes more than %d MiB; look for a template that loops"
                .formatted(limits.memory() >> 20, limits.output() >> 20));
      }
    };
  }

  private static Process start(Path folder, List<String> command, Path said) throws IOException {
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(Redirect.from(new File("/dev/null")))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("HOME", folder.toString());
    environment.put("LC_ALL", "C.UTF-8");
    return builder.start();
  }

  private static List<String> command(
      Path folder,
      Path chart,
      Path values,
      Path out,
      String namespace,
      @Nullable String release,
      Limits limits) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx64m",
            "-Xshare:auto",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            // Where the engine is unpacked: deleted with the rest, even after a kill.
            "-Djava.io.tmpdir=" + folder,
            "-Djna.tmpdir=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            HelmMain.class.getName(),
            chart.toString(),
            values.toString(),
            out.toString(),
            Long.toString(limits.memory()),
            Long.toString(limits.output()),
            namespace));
    if (release != null) {
      command.add(release);
    }
    return command;
  }

  private static String head(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MAX_MESSAGE), StandardCharsets.UTF_8);
    }
  }
}
