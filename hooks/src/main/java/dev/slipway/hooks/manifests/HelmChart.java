package dev.slipway.hooks.manifests;

import dev.slipway.crd.gitd.ManifestSettings;
import dev.slipway.hooks.commit.CommitTree;
import dev.slipway.hooks.kube.PlainText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.LargeObjectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renders a chart of the repository with Helm's own engine, as {@code helm template} does: without
 * asking a cluster or a network for anything, and without a release that Helm would keep.
 */
final class HelmChart {
  private static final Logger log = LoggerFactory.getLogger(HelmChart.class);
  private static final int MAX_BYTES = 16 << 20;
  private static final HelmProcess.Limits LIMITS =
      new HelmProcess.Limits(Duration.ofSeconds(60), 256 << 20, MAX_BYTES);
  private static final Pattern HOOK =
      Pattern.compile("helm\\.sh/hook[\"']?\\s*:\\s*[\"']?([^\"'\n}]+)");
  private static final Set<String> NEVER =
      Set.of(
          "test",
          "test-success",
          "test-failure",
          "pre-delete",
          "post-delete",
          "pre-rollback",
          "post-rollback");
  private static final Pattern SOURCE = Pattern.compile("(?m)^# Source: (.+)$");

  /**
   * What one template became.
   *
   * @param template its path in the repository as far as it is known
   */
  record Rendered(String template, String text) {}

  private HelmChart() {}

  /** All templates, in Helm's order. */
  static List<Rendered> render(
      CommitTree.Entry folder,
      List<CommitTree.Entry> files,
      CommitTree tree,
      ManifestSettings settings,
      String namespace)
      throws IOException, InterruptedException, InvalidManifestException {
    return render(folder, files, tree, settings, namespace, LIMITS);
  }

  /** As above, with limits of a test's own. */
  static List<Rendered> render(
      CommitTree.Entry folder,
      List<CommitTree.Entry> files,
      CommitTree tree,
      ManifestSettings settings,
      String namespace,
      HelmProcess.Limits limits)
      throws IOException, InterruptedException, InvalidManifestException {
    Path temporary = Files.createTempDirectory("slipway-chart-");
    try {
      Path chart = Files.createDirectory(temporary.resolve("chart"));
      extract(folder, files, tree, chart);
      Files.createDirectory(temporary.resolve("work"));
      Path values = temporary.resolve("values.json");
      Files.writeString(values, settings.values().toString());
      return split(folder, template(folder, chart, values, settings, namespace, limits));
    } finally {
      delete(temporary);
    }
  }

  /**
   * Sentences about the templates that declare hooks, which Helm's rendering leaves out: by their
   * text, since nothing else tells of them. Tests are no part of a push and not worth a word.
   */
  static List<String> hooks(List<CommitTree.Entry> files, CommitTree tree) throws IOException {
    List<String> sentences = new ArrayList<>();
    for (CommitTree.Entry file : files) {
      if (file.path().value().contains("templates/")) {
        String text = new String(tree.bytes(file, MAX_BYTES), StandardCharsets.UTF_8);
        HOOK.matcher(text)
            .results()
            .map(hook -> hook.group(1).strip())
            .filter(hook -> !NEVER.containsAll(List.of(hook.split("\\s*,\\s*", -1))))
            .findFirst()
            .ifPresent(
                hook ->
                    sentences.add(
                        "%s is left out: it is a Helm hook (%s), and a push runs none"
                            .formatted(file.path(), PlainText.oneLine(hook))));
      }
    }
    return sentences;
  }

  private static String template(
      CommitTree.Entry folder,
      Path chart,
      Path values,
      ManifestSettings settings,
      String namespace,
      HelmProcess.Limits limits)
      throws IOException, InterruptedException, InvalidManifestException {
    try {
      return HelmProcess.template(
          chart.resolveSibling("work"), chart, values, namespace, settings.release(), limits);
    } catch (InvalidManifestException e) {
      String message =
          PlainText.oneLine(e.sentence()).replace(chart.toString(), folder.path().toString());
      String todo =
          message.contains("missing in charts/")
              ? "; run helm dependency update and commit the folder charts"
              : "";
      throw new InvalidManifestException(
          "%s: the chart cannot be rendered: %s%s.".formatted(folder.path(), message, todo));
    }
  }

  private static void extract(
      CommitTree.Entry folder, List<CommitTree.Entry> files, CommitTree tree, Path into)
      throws IOException, InvalidManifestException {
    int left = MAX_BYTES;
    long unpackedLeft = MAX_BYTES;
    int prefix = folder.path().isRoot() ? 0 : folder.path().value().length() + 1;
    for (CommitTree.Entry file : files) {
      if (!file.isFile()) {
        throw new InvalidManifestException(
            "%s: a chart must not hold symbolic links or submodules.".formatted(file.path()));
      }
      Path target = into.resolve(file.path().value().substring(prefix)).normalize();
      if (!target.startsWith(into)) {
        throw new InvalidManifestException("%s: leads out of the chart.".formatted(file.path()));
      }
      Files.createDirectories(target.getParent());
      try {
        byte[] bytes = tree.bytes(file, left);
        left -= bytes.length;
        unpackedLeft -= checked(file, bytes, unpackedLeft);
        Files.write(target, bytes);
      } catch (LargeObjectException e) {
        throw new InvalidManifestException(
            "%s: the chart is larger than %d MiB.".formatted(folder.path(), MAX_BYTES >> 20));
      }
    }
  }

  /** How many bytes the file becomes where it is a packed subchart, else 0. */
  private static long checked(CommitTree.Entry file, byte[] bytes, long limit)
      throws InvalidManifestException {
    try {
      if (ChartSchema.is(file.path().value())) {
        ChartSchema.check(bytes);
      }
      if (!PackedSubchart.is(file.path().value())) {
        return 0;
      }
      long size = PackedSubchart.unpacked(bytes, limit);
      if (size > limit) {
        throw new InvalidManifestException(
            "the packed subcharts take more than %d MiB unpacked".formatted(MAX_BYTES >> 20));
      }
      return size;
    } catch (InvalidManifestException e) {
      throw new InvalidManifestException("%s: %s.".formatted(file.path(), e.sentence()));
    }
  }

  /** By the comments that Helm puts before what each template became. */
  private static List<Rendered> split(CommitTree.Entry folder, String text) {
    List<Rendered> rendered = new ArrayList<>();
    for (String document : text.split("(?m)^---[ \t]*$", -1)) {
      Matcher source = SOURCE.matcher(document);
      Optional<String> template =
          source.find()
              ? Optional.of(source.group(1).strip().replaceFirst("^[^/]+/", ""))
              : Optional.empty();
      rendered.add(
          new Rendered(
              template
                  .map(it -> folder.path().isRoot() ? it : folder.path() + "/" + it)
                  .orElse(folder.path().toString()),
              document));
    }
    return rendered;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      log.warn("{} could not be deleted", folder, e);
    }
  }
}
