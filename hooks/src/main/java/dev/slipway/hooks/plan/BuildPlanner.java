package dev.slipway.hooks.plan;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.slipway.crd.RepositoryPath;
import dev.slipway.crd.RepositoryPath.InvalidPathException;
import dev.slipway.crd.WorkloadKind;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.ImageRegistry;
import dev.slipway.crd.gitd.Place;
import dev.slipway.crd.gitd.Target;
import dev.slipway.crd.gitd.Workload;
import dev.slipway.hooks.commit.CommitTree;
import dev.slipway.hooks.context.ContextSource;
import dev.slipway.hooks.manifests.ManifestSet;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.jspecify.annotations.Nullable;

/** Finds what each image of one commit is built from, and everything that is in the way. */
final class BuildPlanner {
  static final int STRAY_LINKS_NAMED = 3;

  private final GitdConfig config;
  private final RevCommit commit;
  private final CommitTree tree;
  private final TargetView targets;
  private final ManifestSet manifests;

  BuildPlanner(
      GitdConfig config,
      RevCommit commit,
      ObjectReader reader,
      TargetView targets,
      ManifestSet manifests) {
    this.config = config;
    this.commit = commit;
    this.tree = new CommitTree(reader, commit.getTree());
    this.targets = targets;
    this.manifests = manifests;
  }

  /**
   * All builds, as far as they can be planned.
   *
   * @param findings gets what is in the way
   */
  List<ImageBuild> plan(List<Finding> findings) throws IOException, InterruptedException {
    ImageRegistry registry = config.registry();
    if (config.targets().isEmpty() && config.manifests() != null) {
      return List.of();
    }
    if (config.targets().isEmpty()) {
      findings.add(
          new Finding(
              "NothingToBuild",
              "Remote %s names neither deployments nor manifests, so there is nothing to do; add spec.deployments or spec.manifests."
                  .formatted(config.name())));
      return List.of();
    }
    if (registry == null) {
      findings.add(
          new Finding(
              "NoRegistry",
              "Remote %s has no registry to push images to; set spec.registry.url."
                  .formatted(config.name())));
    }
    Map<String, String> labels = ImageLabels.of(commit, targets.remoteUrl());
    Map<Workload, List<Place>> places =
        config.places().stream().collect(groupingBy(Place::workload, LinkedHashMap::new, toList()));
    for (Map.Entry<Workload, List<Place>> each : places.entrySet()) {
      checkWorkload(each.getKey(), each.getValue(), findings);
    }
    List<ImageBuild> builds = new ArrayList<>();
    for (Target target : config.targets()) {
      for (Target.Container container : target.containers()) {
        container.missing().forEach(it -> findings.add(new Finding("BuildInputMissing", it)));
        build(registry, target, container, labels, findings).ifPresent(builds::add);
      }
    }
    return List.copyOf(builds);
  }

  private void checkWorkload(Workload workload, List<Place> places, List<Finding> findings)
      throws InterruptedException {
    Optional<TargetView.Found> found =
        manifests.containersOf(workload).map(TargetView.Found::withoutObstacle);
    if (found.isEmpty()) {
      found = targets.find(workload);
    }
    if (found.isEmpty()) {
      findings.add(
          new Finding(
              "Unknown" + workload.kind(),
              "%s does not exist in namespace %s; create it, or correct the Remote."
                  .formatted(workload.title(), config.namespace())));
      return;
    }
    List<String> existing = found.get().containers();
    List<String> missing =
        places.stream().map(Place::container).filter(name -> !existing.contains(name)).toList();
    if (!missing.isEmpty()) {
      findings.add(
          new Finding(
              "UnknownContainer",
              "%s has no container \"%s\"; it has: %s."
                  .formatted(
                      workload.title(),
                      String.join("\", \"", missing),
                      String.join(", ", existing))));
    }
    found
        .get()
        .obstacle()
        .ifPresent(
            it -> findings.add(new Finding(it.reason(), workload.title() + " " + it.sentence())));
  }

  private Optional<ImageBuild> build(
      @Nullable ImageRegistry registry,
      Target target,
      Target.Container container,
      Map<String, String> labels,
      List<Finding> findings)
      throws IOException {
    Optional<CommitTree.Entry> context = context(target, container, findings);
    Optional<ContextSource.OfBuild> source =
        context.isPresent() ? source(context.get(), target, container, findings) : Optional.empty();
    if (source.isEmpty() || registry == null) {
      return Optional.empty();
    }
    return Optional.of(
        new ImageBuild(
            target.workload(),
            container,
            label(target, container),
            ImageName.of(registry.prefix(), config, target.workload(), container.name(), commit),
            ImageName.of(
                registry.pullPrefix(), config, target.workload(), container.name(), commit),
            source.get(),
            labels));
  }

  private Optional<CommitTree.Entry> context(
      Target target, Target.Container container, List<Finding> findings) throws IOException {
    String of = "the path of " + named(target, container);
    Optional<CommitTree.Entry> entry = find(of, container.path(), findings);
    if (entry.isEmpty() || !entry.get().isDirectory()) {
      if (entry.isPresent() || isFindable(container.path())) {
        findings.add(
            new Finding(
                "MissingPath",
                "%s, \"%s\", is no directory of this commit; add it or correct the Remote."
                    .formatted(of, container.path())));
      }
      return Optional.empty();
    }
    List<CommitTree.StrayLink> stray = tree.strayLinks(entry.get());
    stray.stream()
        .limit(STRAY_LINKS_NAMED)
        .forEach(
            link ->
                findings.add(
                    new Finding(
                        "StrayLink",
                        "the symbolic link %s leads out of the build context, to \"%s\"; remove it or make it stay inside."
                            .formatted(entry.get().path().resolve(link.path()), link.target()))));
    List<Finding> elsewhere = KeptElsewhere.in(tree, entry.get(), of);
    findings.addAll(elsewhere);
    return stray.isEmpty() && elsewhere.isEmpty() ? entry : Optional.empty();
  }

  private Optional<ContextSource.OfBuild> source(
      CommitTree.Entry context, Target target, Target.Container container, List<Finding> findings)
      throws IOException {
    String of = "the Dockerfile of " + named(target, container);
    Optional<CommitTree.Entry> dockerfile = find(of, container.dockerfile(), findings);
    if (dockerfile.isEmpty() || !dockerfile.get().isFile()) {
      if (dockerfile.isPresent() || isFindable(container.dockerfile())) {
        findings.add(missingDockerfile(of, container));
      }
      return Optional.empty();
    }
    String path = dockerfile.get().path().value();
    Optional<CommitTree.Entry> ignore =
        find(of, path + ".dockerignore", findings).filter(CommitTree.Entry::isFile);
    return Optional.of(
        new ContextSource.OfBuild(
            context.id(),
            path.substring(path.lastIndexOf('/') + 1),
            dockerfile.get().id(),
            ignore.map(CommitTree.Entry::id).orElse(null),
            Instant.ofEpochSecond(commit.getCommitTime())));
  }

  private Finding missingDockerfile(String of, Target.Container container) throws IOException {
    String wanted = RepositoryPath.parse(container.dockerfile()).value();
    String hint =
        tree.dockerfiles().stream()
            .max(Comparator.comparingInt(path -> commonPrefix(path, wanted)))
            .map(path -> "; there is %s".formatted(path))
            .orElse("");
    return new Finding(
        "MissingDockerfile",
        "%s, %s, is not in this commit%s; add it or correct the Remote."
            .formatted(of, wanted, hint));
  }

  /** Looks a path up; what is wrong with the path itself becomes a finding. */
  private Optional<CommitTree.Entry> find(String of, String text, List<Finding> findings)
      throws IOException {
    try {
      return tree.find(RepositoryPath.parse(text));
    } catch (InvalidPathException e) {
      findings.add(
          new Finding(
              "InvalidPath",
              "%s is not valid: %s; correct the Remote.".formatted(of, e.getMessage())));
    } catch (CommitTree.StrayLinkException e) {
      findings.add(new Finding("StrayLink", "%s: %s.".formatted(of, e.getMessage())));
    }
    return Optional.empty();
  }

  /** Whether nothing else than its absence was in the way of a path. */
  private boolean isFindable(String text) throws IOException {
    List<Finding> faults = new ArrayList<>();
    return find("", text, faults).isEmpty() && faults.isEmpty();
  }

  private String label(Target target, Target.Container container) {
    long namesakes =
        config.targets().stream()
            .flatMap(other -> other.containers().stream())
            .filter(other -> other.name().equals(container.name()))
            .count();
    return namesakes > 1 ? named(target, container) : container.name();
  }

  /** Kind and name together are unique, and Deployments need no kind. */
  private static String named(Target target, Target.Container container) {
    Workload workload = target.workload();
    return (workload.kind() == WorkloadKind.Deployment ? workload.name() : workload.reference())
        + "/"
        + container.name();
  }

  private static int commonPrefix(String one, String other) {
    int length = 0;
    while (length < Math.min(one.length(), other.length())
        && one.charAt(length) == other.charAt(length)) {
      length++;
    }
    return length;
  }
}
