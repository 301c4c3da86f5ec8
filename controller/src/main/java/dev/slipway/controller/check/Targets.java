package dev.slipway.controller.check;

import static dev.slipway.controller.check.WrittenTargets.orEmpty;

import dev.slipway.controller.check.WrittenTargets.Entry;
import dev.slipway.controller.check.WrittenTargets.Written;
import dev.slipway.controller.resolve.FoundWorkload;
import dev.slipway.controller.resolve.References;
import dev.slipway.crd.ContainerBuild;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.RepositoryPath;
import dev.slipway.crd.WorkloadKind;
import dev.slipway.crd.gitd.Place;
import dev.slipway.crd.gitd.Target;
import dev.slipway.crd.gitd.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks what is built and where it goes, and whether it is there. */
final class Targets {
  private final References references;
  private final BuildInputs inputs;
  private final WrittenTargets written;
  private final SharedImages shared;
  private final boolean byManifests;
  private final List<String> invalidBranches = new ArrayList<>();
  private final List<String> branches;
  private final List<Finding> findings;
  private final List<Finding> replaced = new ArrayList<>();
  private final List<Target> targets = new ArrayList<>();
  private final Set<String> replaceablePods = new TreeSet<>();

  /**
   * What is usable.
   *
   * @param branches that deploy what has none of its own
   * @param replaceablePods pods that gitd may have to delete so that a workload gets on
   * @param refusals sentences that every push is refused with
   */
  record Result(
      List<Target> targets,
      List<String> branches,
      Set<String> replaceablePods,
      List<String> refusals,
      Verdict verdict,
      Verdict images) {}

  private Targets(RemoteSpec spec, References references, BuildInputs inputs) {
    this.references = references;
    this.inputs = inputs;
    this.written = WrittenTargets.read(spec);
    this.byManifests = ManifestSource.isGiven(spec);
    this.shared = SharedImages.in(written.entries());
    this.findings = new ArrayList<>(written.findings());
    this.branches = Branches.ofRemote(orEmpty(spec.branches()), invalidBranches);
  }

  /**
   * Reads all of them.
   *
   * @param inputs told of every build
   */
  static Result check(RemoteSpec spec, References references, BuildInputs inputs) {
    return new Targets(spec, references, inputs).check();
  }

  private Result check() {
    written.entries().forEach(this::entry);
    shared.refusals().forEach(it -> findings.add(Finding.blocking("ImageFromInvalid", it)));
    invalidBranches.forEach(it -> findings.add(Finding.blocking("InvalidBranch", it)));
    List<String> refusals = new ArrayList<>(written.refusals());
    refusals.addAll(invalidBranches);
    refusals.addAll(shared.refusals());
    return new Result(
        List.copyOf(targets),
        branches,
        Set.copyOf(replaceablePods),
        List.copyOf(refusals),
        new Verdict(Topic.TargetsFound, findings, good()),
        new Verdict(Topic.ImagesCurrent, replaced, "No image that a push has set was replaced."));
  }

  private String good() {
    return targets.isEmpty()
        ? "A push builds nothing: spec.deployments is empty."
        : written.entries().keySet().stream()
            .map(it -> it.kind() == WorkloadKind.Deployment ? it.name() : it.title())
            .collect(Collectors.joining(", ", "A push builds for ", "."));
  }

  private void entry(Workload workload, Entry entry) {
    boolean set = entry.containers().values().stream().anyMatch(it -> isSet(it.build()));
    boolean needed = set || entry.containers().isEmpty();
    @Nullable FoundWorkload existing = references.workloads().get(workload);
    if (existing == null && needed) {
      findings.add(
          byManifests
              ? Finding.minor(
                  workload.kind() + "NotFound",
                  WrittenTargets.quoted(workload)
                      + " does not exist yet: it has to come with the manifests.")
              : Finding.missing(
                  workload.kind() + "NotFound",
                  WrittenTargets.quoted(workload)
                      + " does not exist in this namespace: create it."));
    }
    if (existing != null && set) {
      replaceablePods.addAll(existing.orderedPods());
    }
    if (entry.containers().isEmpty()) {
      findings.add(
          Finding.minor(
              "NoContainers",
              "Nothing is built for %s: %s has no containers."
                  .formatted(WrittenTargets.quoted(workload), entry.where())));
      return;
    }
    List<Target.Container> built = new ArrayList<>();
    entry
        .containers()
        .forEach(
            (name, container) -> {
              checkContainer(workload, name, container, existing);
              if (container.build().imageFrom() == null) {
                built.add(container(new Place(workload, name), container));
              }
            });
    if (!built.isEmpty()) {
      List<String> own =
          Branches.read(entry.where() + ".branches", entry.branches(), invalidBranches);
      targets.add(new Target(workload, List.copyOf(built), own));
    }
  }

  private void checkContainer(
      Workload workload, String name, Written container, @Nullable FoundWorkload existing) {
    if (isSet(container.build()) && existing != null && existing.otherImages().contains(name)) {
      replaced.add(
          Finding.minor(
              "ImageReplaced",
              "Container \"%s\" of %s runs another image than the one that a push has set: run kubectl rollout undo %s, or push a new commit."
                  .formatted(name, WrittenTargets.quoted(workload), workload.reference())));
    }
    if (isSet(container.build())
        && !byManifests
        && existing != null
        && !existing.containers().contains(name)) {
      findings.add(
          Finding.missing(
              "ContainerNotFound",
              "%s has no container \"%s\".".formatted(WrittenTargets.quoted(workload), name)));
    }
  }

  private static boolean isSet(ContainerBuild build) {
    return !Boolean.FALSE.equals(build.deploy());
  }

  private Target.Container container(Place place, Written written) {
    String where = written.where();
    ContainerBuild build = written.build();
    String path = path(where + ".path", Texts.orEmpty(build.path()));
    String dockerfile = Texts.orEmpty(build.dockerfile());
    BuildInputs.Inputs found = inputs.of(where, build);
    String stage = Texts.orEmpty(build.target());
    return new Target.Container(
        place.container(),
        path,
        dockerfile.isEmpty()
            ? (path.isEmpty() ? "Dockerfile" : path + "/Dockerfile")
            : path(where + ".dockerfile", dockerfile),
        stage.isEmpty() ? null : stage,
        found.args(),
        found.secrets(),
        found.version(),
        found.missing(),
        Boolean.TRUE.equals(build.noCache()),
        !isSet(build),
        shared.usesOf(place));
  }

  /** As it was written when it is no path inside a repository: gitd then refuses each push. */
  private String path(String where, String written) {
    try {
      return RepositoryPath.parse(written).value();
    } catch (RepositoryPath.InvalidPathException e) {
      findings.add(Finding.blocking("InvalidPath", where + ": " + e.getMessage() + "."));
      return written;
    }
  }
}
