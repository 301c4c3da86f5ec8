package dev.slipway.hooks.build;

import dev.slipway.crd.gitd.Target;
import dev.slipway.crd.gitd.Target.BuildArg;
import dev.slipway.crd.gitd.Target.BuildSecret;
import dev.slipway.crd.gitd.Target.Source;
import dev.slipway.hooks.job.ValueSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Describes how arguments and secrets reach Kaniko, so that a value out of a Secret stands nowhere
 * in the Job: the kubelet puts it into the pod.
 */
record BuildInputs(List<BuildArg> args, List<BuildSecret> secrets) {
  private static final String VOLUME = "build-secrets";

  /** Kaniko keeps its own folder out of the image and out of the way of stages. */
  private static final String DIRECTORY = "/kaniko/build-secrets";

  /** Own names, so that no argument can change how Kaniko itself runs. */
  private static final String VARIABLE = "BUILD_ARG_";

  static BuildInputs of(Target.Container target) {
    return new BuildInputs(target.buildArgs(), target.buildSecrets());
  }

  /** What Kaniko is told. */
  List<String> flags() {
    List<String> flags = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      BuildArg arg = args.get(i);
      String value = arg.value();
      flags.add(
          "--build-arg=%s=%s"
              .formatted(
                  literal(arg.name()), value == null ? "$(" + VARIABLE + i + ")" : literal(value)));
    }
    for (BuildSecret secret : secrets) {
      flags.add("--secret=id=%1$s,src=%2$s/%1$s".formatted(secret.id(), DIRECTORY));
    }
    return flags;
  }

  /** Where the values are that the flags refer to. */
  List<EnvVar> environment() {
    List<EnvVar> variables = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      Source source = args.get(i).valueFrom();
      if (source != null) {
        variables.add(
            new EnvVarBuilder()
                .withName(VARIABLE + i)
                .withValueFrom(ValueSource.of(source))
                .build());
      }
    }
    return variables;
  }

  Optional<VolumeMount> mount() {
    return secrets.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new VolumeMountBuilder()
                .withName(VOLUME)
                .withMountPath(DIRECTORY)
                .withReadOnly(true)
                .build());
  }

  Optional<Volume> volume() {
    return secrets.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new VolumeBuilder()
                .withName(VOLUME)
                .withNewProjected()
                .withDefaultMode(0400)
                .withSources(secrets.stream().map(BuildInputs::file).toList())
                .endProjected()
                .build());
  }

  /** Keeps Kubernetes from expanding {@code $(NAME)} in an argument. */
  static String literal(String value) {
    return value.replace("$", "$$");
  }

  private static VolumeProjection file(BuildSecret secret) {
    return new VolumeProjectionBuilder()
        .withNewSecret()
        .withName(secret.secret())
        .addNewItem(secret.key(), /* mode= */ null, secret.id())
        .endSecret()
        .build();
  }
}
