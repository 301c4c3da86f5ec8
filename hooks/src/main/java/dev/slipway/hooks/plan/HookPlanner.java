package dev.slipway.hooks.plan;

import dev.slipway.crd.RepositoryPath;
import dev.slipway.crd.RepositoryPath.InvalidPathException;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.HookSettings;
import dev.slipway.crd.gitd.Place;
import dev.slipway.hooks.commit.CommitTree;
import dev.slipway.hooks.context.ContextSource;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.jspecify.annotations.Nullable;

/** Finds what each hook of a push runs with, and everything that is in the way. */
final class HookPlanner {
  private final GitdConfig config;
  private final RevCommit commit;
  private final CommitTree tree;
  private final List<ImageBuild> builds;
  private final List<Finding> findings;

  /**
   * Plans for one commit.
   *
   * @param config of the branch that is pushed
   * @param builds what is built, as far as it could be planned
   * @param findings gets what is in the way
   */
  HookPlanner(
      GitdConfig config,
      RevCommit commit,
      ObjectReader reader,
      List<ImageBuild> builds,
      List<Finding> findings) {
    this.config = config;
    this.commit = commit;
    this.tree = new CommitTree(reader, commit.getTree());
    this.builds = builds;
    this.findings = findings;
  }

  /** All hooks, in the order of the Remote. */
  List<PlannedHook> plan() throws IOException {
    if (config.hooks().stream().anyMatch(HookSettings::source)) {
      checkLinks();
    }
    List<PlannedHook> hooks = new ArrayList<>();
    for (HookSettings hook : config.hooks()) {
      hook.missing().forEach(it -> findings.add(new Finding("HookInputMissing", it)));
      Place place = hook.imageFrom();
      ContextSource source = null;
      if (hook.source()) {
        source =
            new ContextSource.OfCommit(
                commit.getTree().getId(), Instant.ofEpochSecond(commit.getCommitTime()));
        checkProgram(hook);
      }
      hooks.add(new PlannedHook(hook, place == null ? null : build(hook, place), source));
    }
    return List.copyOf(hooks);
  }

  private @Nullable ImageBuild build(HookSettings hook, Place place) {
    boolean wanted =
        config.targets().stream()
            .filter(target -> target.workload().equals(place.workload()))
            .flatMap(target -> target.containers().stream())
            .anyMatch(container -> container.name().equals(place.container()));
    if (!wanted) {
      findings.add(
          new Finding(
              "HookImageNotBuilt",
              "hook %s runs the image of container \"%s\" of %s, which this branch does not build; give both the same branches in the Remote."
                  .formatted(hook.name(), place.container(), place.workload().title())));
    }
    return builds.stream()
        .filter(build -> build.workload().equals(place.workload()))
        .filter(build -> build.container().equals(place.container()))
        .findFirst()
        .orElse(null);
  }

  /** Whoever unpacks the files refuses such links. */
  private void checkLinks() throws IOException {
    tree.strayLinks(tree.root()).stream()
        .limit(BuildPlanner.STRAY_LINKS_NAMED)
        .forEach(
            link ->
                findings.add(
                    new Finding(
                        "StrayLink",
                        "the symbolic link %s leads out of the repository, to \"%s\", which a hook needs as a whole; remove it."
                            .formatted(link.path(), link.target()))));
  }

  /** A program with a relative path is one of the commit. */
  private void checkProgram(HookSettings hook) throws IOException {
    String program = hook.command().isEmpty() ? "" : hook.command().getFirst();
    if (program.startsWith("/") || !program.contains("/") || program.contains("$(")) {
      return;
    }
    Optional<CommitTree.Entry> entry;
    try {
      entry = tree.find(RepositoryPath.parse(program)).filter(CommitTree.Entry::isFile);
    } catch (InvalidPathException | CommitTree.StrayLinkException e) {
      entry = Optional.empty();
    }
    if (entry.isEmpty()) {
      findings.add(
          new Finding(
              "HookProgramMissing",
              "hook %s runs %s, which is no file of this commit; add it or correct the Remote."
                  .formatted(hook.name(), program)));
    } else if (!FileMode.EXECUTABLE_FILE.equals(entry.get().mode().getBits())) {
      findings.add(
          new Finding(
              "HookProgramNotExecutable",
              "hook %s runs %s, which is not executable; run git update-index --chmod=+x %s, commit and push again."
                  .formatted(hook.name(), program, entry.get().path())));
    }
  }
}
