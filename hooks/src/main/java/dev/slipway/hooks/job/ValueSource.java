package dev.slipway.hooks.job;

import dev.slipway.crd.gitd.Target.Source;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.EnvVarSourceBuilder;

/** Refers to a value that only the kubelet reads, so that it stands nowhere in a Job. */
public final class ValueSource {
  private ValueSource() {}

  /** The key of a Secret or ConfigMap, as the value of a variable. */
  public static EnvVarSource of(Source source) {
    var reference = new EnvVarSourceBuilder();
    return switch (source.kind()) {
      case Secret ->
          reference.withNewSecretKeyRef(source.key(), source.name(), /* optional= */ null).build();
      case ConfigMap ->
          reference
              .withNewConfigMapKeyRef(source.key(), source.name(), /* optional= */ null)
              .build();
    };
  }
}
