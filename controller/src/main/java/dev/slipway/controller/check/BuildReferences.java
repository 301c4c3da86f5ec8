package dev.slipway.controller.check;

import static dev.slipway.controller.check.WrittenTargets.orEmpty;

import dev.slipway.crd.BuildArg;
import dev.slipway.crd.BuildArgsFrom;
import dev.slipway.crd.ContainerBuild;
import dev.slipway.crd.DeploymentTarget;
import dev.slipway.crd.Hook;
import dev.slipway.crd.KeyRef;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.gitd.Target.Source.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the Secrets and ConfigMaps that the builds and hooks of a Remote name. */
public final class BuildReferences {
  private BuildReferences() {}

  /** The names of the Secrets that builds and hooks take something from. */
  public static Set<String> secretNames(RemoteSpec spec) {
    return names(spec, Kind.Secret);
  }

  /** The names of the ConfigMaps that builds and hooks take something from. */
  public static Set<String> configMapNames(RemoteSpec spec) {
    return names(spec, Kind.ConfigMap);
  }

  private static Set<String> names(RemoteSpec spec, Kind kind) {
    Set<String> names = new HashSet<>();
    for (DeploymentTarget deployment : orEmpty(spec.deployments())) {
      for (ContainerBuild build : orEmpty(deployment.containers())) {
        names(build, kind).forEach(name -> names.add(Texts.orEmpty(name)));
      }
    }
    for (Hook hook : orEmpty(spec.hooks())) {
      names(orEmpty(hook.env()), kind).forEach(name -> names.add(Texts.orEmpty(name)));
    }
    names.remove("");
    return names;
  }

  private static List<@Nullable String> names(ContainerBuild build, Kind kind) {
    List<@Nullable String> names = names(orEmpty(build.buildArgs()), kind);
    for (BuildArgsFrom from : orEmpty(build.buildArgsFrom())) {
      BuildArgsFrom.@Nullable Ref ref =
          switch (kind) {
            case Secret -> from.secretRef();
            case ConfigMap -> from.configMapRef();
          };
      names.add(ref == null ? null : ref.name());
    }
    if (kind == Kind.Secret) {
      orEmpty(build.buildSecrets()).forEach(it -> names.add(name(it.secretKeyRef())));
    }
    return names;
  }

  private static List<@Nullable String> names(List<BuildArg> args, Kind kind) {
    List<@Nullable String> names = new ArrayList<>();
    for (BuildArg arg : args) {
      if (arg.valueFrom() != null) {
        names.add(
            switch (kind) {
              case Secret -> name(arg.valueFrom().secretKeyRef());
              case ConfigMap -> name(arg.valueFrom().configMapKeyRef());
            });
      }
    }
    return names;
  }

  private static @Nullable String name(@Nullable KeyRef ref) {
    return ref == null ? null : ref.name();
  }
}
