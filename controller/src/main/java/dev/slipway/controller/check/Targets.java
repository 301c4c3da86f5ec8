package dev.slipway.controller.check;

import dev.slipway.controller.resolve.References;
import dev.slipway.crd.ContainerBuild;
import dev.slipway.crd.DeploymentTarget;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.RepositoryPath;
import dev.slipway.crd.gitd.Target;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what is built and where it goes, and whether it is there. */
public final class Targets {
  private final References references;
  private final BuildInputs inputs;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Target> targets = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();

  private Targets(References references, BuildInputs inputs) {
    this.references = references;
    this.inputs = inputs;
  }

  /** The names of the Deployments that a spec refers to. */
  public static Set<String> deploymentNames(RemoteSpec spec) {
    Set<String> names = new HashSet<>();
    for (DeploymentTarget deployment : orEmpty(spec.deployments())) {
      names.add(Texts.orEmpty(deployment.name()));
    }
    names.remove("");
    return names;
  }

  /**
   * Reads all of them.
   *
   * @param inputs told of every build
   */
  static Checked<List<Target>> check(RemoteSpec spec, References references, BuildInputs inputs) {
    var check = new Targets(references, inputs);
    List<DeploymentTarget> deployments = orEmpty(spec.deployments());
    for (int i = 0; i < deployments.size(); i++) {
      check.deployment("deployments[" + i + "]", deployments.get(i));
    }
    return new Checked<>(
        List.copyOf(check.targets),
        new Verdict(Topic.TargetsFound, check.findings, good(check.targets)));
  }

  private static String good(List<Target> targets) {
    return targets.isEmpty()
        ? "A push is stored and changes no Deployment: spec.deployments is empty."
        : "A push builds for "
            + String.join(", ", targets.stream().map(Target::deployment).toList())
            + ".";
  }

  private void deployment(String where, DeploymentTarget deployment) {
    String name = Texts.orEmpty(deployment.name());
    if (name.isEmpty()) {
      findings.add(Finding.blocking("NoName", where + " has no name: name a Deployment."));
      return;
    }
    if (!seen.add(name)) {
      findings.add(
          Finding.blocking(
              "DuplicateName",
              where + " names Deployment \"" + name + "\" again: put its containers together."));
      return;
    }
    @Nullable Set<String> existing = references.containers().get(name);
    List<Target.Container> containers = containers(where, name, deployment, existing);
    boolean needed = containers.isEmpty() || containers.stream().anyMatch(it -> !it.buildOnly());
    if (existing == null && needed) {
      findings.add(
          Finding.blocking(
              "DeploymentNotFound",
              "Deployment \"" + name + "\" does not exist in this namespace: create it."));
    }
    if (!containers.isEmpty()) {
      targets.add(new Target(name, containers));
    } else if (orEmpty(deployment.containers()).isEmpty()) {
      findings.add(
          Finding.minor(
              "NoContainers",
              "Nothing is built for Deployment \""
                  + name
                  + "\": "
                  + where
                  + " has no containers."));
    }
  }

  private List<Target.Container> containers(
      String where, String deployment, DeploymentTarget target, @Nullable Set<String> existing) {
    List<Target.Container> containers = new ArrayList<>();
    Set<String> names = new HashSet<>();
    List<ContainerBuild> builds = orEmpty(target.containers());
    for (int i = 0; i < builds.size(); i++) {
      String here = where + ".containers[" + i + "]";
      ContainerBuild build = builds.get(i);
      String name = Texts.orEmpty(build.name());
      if (name.isEmpty()) {
        findings.add(Finding.blocking("NoName", here + " has no name: name a container."));
      } else if (!names.add(name)) {
        findings.add(
            Finding.blocking("DuplicateName", here + " names container \"" + name + "\" again."));
      } else {
        boolean buildOnly = Boolean.FALSE.equals(build.deploy());
        if (!buildOnly && existing != null && !existing.contains(name)) {
          findings.add(
              Finding.blocking(
                  "ContainerNotFound",
                  "Deployment \"" + deployment + "\" has no container \"" + name + "\"."));
        }
        containers.add(container(here, name, build));
      }
    }
    return List.copyOf(containers);
  }

  private Target.Container container(String where, String name, ContainerBuild build) {
    String path = path(where + ".path", Texts.orEmpty(build.path()));
    String written = Texts.orEmpty(build.dockerfile());
    String dockerfile =
        written.isEmpty()
            ? (path.isEmpty() ? "Dockerfile" : path + "/Dockerfile")
            : path(where + ".dockerfile", written);
    BuildInputs.Inputs found = inputs.of(where, build);
    String stage = Texts.orEmpty(build.target());
    return new Target.Container(
        name,
        path,
        dockerfile,
        stage.isEmpty() ? null : stage,
        found.args(),
        found.secrets(),
        found.missing(),
        Boolean.TRUE.equals(build.noCache()),
        Boolean.FALSE.equals(build.deploy()));
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

  static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
