package dev.slipway.controller.check;

import dev.slipway.controller.resolve.References;
import dev.slipway.crd.BuildArg;
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
  private final List<Finding> findings = new ArrayList<>();
  private final List<Target> targets = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();

  private Targets(References references) {
    this.references = references;
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

  static Checked<List<Target>> check(RemoteSpec spec, References references) {
    var check = new Targets(references);
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
    if (existing == null) {
      findings.add(
          Finding.blocking(
              "DeploymentNotFound",
              "Deployment \"" + name + "\" does not exist in this namespace: create it."));
    }
    List<Target.Container> containers = containers(where, name, deployment, existing);
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
        if (existing != null && !existing.contains(name)) {
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
    return new Target.Container(
        name, path, dockerfile, buildArgs(where, build), Boolean.TRUE.equals(build.noCache()));
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

  private List<Target.BuildArg> buildArgs(String where, ContainerBuild build) {
    List<Target.BuildArg> args = new ArrayList<>();
    List<BuildArg> written = orEmpty(build.buildArgs());
    for (int i = 0; i < written.size(); i++) {
      @Nullable String name = written.get(i).name();
      @Nullable String value = written.get(i).value();
      if (name == null || name.isEmpty()) {
        findings.add(
            Finding.minor("NoName", where + ".buildArgs[" + i + "] has no name and is left out."));
      } else {
        args.add(new Target.BuildArg(name, value == null ? "" : value));
      }
    }
    return List.copyOf(args);
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
