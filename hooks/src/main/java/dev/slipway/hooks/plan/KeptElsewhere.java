package dev.slipway.hooks.plan;

import dev.slipway.hooks.commit.CommitTree;
import dev.slipway.hooks.commit.CommitTree.Elsewhere;
import dev.slipway.hooks.commit.CommitTree.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.errors.LargeObjectException;

/**
 * Refuses a build context that lacks what git keeps elsewhere, unless .dockerignore leaves it out
 * anyway: a build would find an empty folder or a pointer, and fail far from the cause or, worse,
 * not fail.
 */
final class KeptElsewhere {
  private static final int NAMED = 3;
  private static final String IGNORE_FILE = ".dockerignore";
  private static final int IGNORE_FILE_BYTES = 1 << 20;

  private KeptElsewhere() {}

  /**
   * What is missing, a sentence for each kind.
   *
   * @param of whose context it is
   */
  static List<Finding> in(CommitTree tree, Entry context, String of) throws IOException {
    List<Elsewhere> found = tree.elsewhere(context);
    if (found.isEmpty()) {
      return List.of();
    }
    List<String> ignored;
    try {
      ignored = ignored(tree, context);
    } catch (LargeObjectException e) {
      return List.of(
          new Finding(
              "LargeDockerignore",
              "%s lacks %s, which git keeps elsewhere, and whether %s leaves that out is not read: it is larger than %d MiB; make it smaller."
                  .formatted(
                      of,
                      context.path().resolve(found.getFirst().path()),
                      context.path().resolve(IGNORE_FILE),
                      IGNORE_FILE_BYTES >> 20)));
    }
    Map<Elsewhere.Kind, List<String>> missing = new EnumMap<>(Elsewhere.Kind.class);
    for (Elsewhere.Kind kind : Elsewhere.Kind.values()) {
      List<String> paths =
          found.stream()
              .filter(it -> it.kind() == kind && !isIgnored(it.path(), ignored))
              .map(it -> context.path().resolve(it.path()).value())
              .toList();
      if (!paths.isEmpty()) {
        missing.put(kind, paths);
      }
    }
    return missing.entrySet().stream().map(it -> finding(it.getKey(), it.getValue(), of)).toList();
  }

  private static Finding finding(Elsewhere.Kind kind, List<String> paths, String of) {
    String named = String.join(", ", paths.subList(0, Math.min(NAMED, paths.size())));
    String all =
        paths.size() > NAMED ? named + " and %d more".formatted(paths.size() - NAMED) : named;
    return switch (kind) {
      case SUBMODULE ->
          new Finding(
              "Submodule",
              "%s has submodules, which a push does not bring along: %s. Put their files into this repository (git subtree), or list them in .dockerignore if the build needs none of them."
                  .formatted(of, all));
      case LFS_OBJECT ->
          new Finding(
              "LfsObject",
              "%s has files of Git LFS, which a push does not bring along: %s. Put them into git (git lfs migrate export), or list them in .dockerignore if the build needs none of them."
                  .formatted(of, all));
    };
  }

  /** Plain paths of .dockerignore; none if it takes anything back. */
  private static List<String> ignored(CommitTree tree, Entry context) throws IOException {
    Optional<Entry> file;
    try {
      file = tree.find(context.path().resolve(IGNORE_FILE)).filter(Entry::isFile);
    } catch (CommitTree.StrayLinkException e) {
      return List.of();
    }
    if (file.isEmpty()) {
      return List.of();
    }
    List<String> lines =
        new String(tree.bytes(file.get(), IGNORE_FILE_BYTES), StandardCharsets.UTF_8)
            .lines()
            .map(line -> line.strip().replaceAll("^/|/$", ""))
            .filter(line -> !line.isEmpty())
            .toList();
    return lines.stream().anyMatch(line -> line.startsWith("!")) ? List.of() : lines;
  }

  private static boolean isIgnored(String path, List<String> ignored) {
    return ignored.stream().anyMatch(it -> path.equals(it) || path.startsWith(it + "/"));
  }
}
