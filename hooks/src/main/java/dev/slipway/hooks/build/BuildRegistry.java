package dev.slipway.hooks.build;

import dev.slipway.crd.gitd.ImageRegistry;
import dev.slipway.crd.gitd.Target.Source;
import dev.slipway.crd.registry.ImageLocation;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.KeyToPathBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes how a build reaches its registry: the Secret is mounted into the init container only,
 * which leaves the builder a {@code config.json} that it can read; or, when the push is isolated,
 * into the container only that pushes.
 */
record BuildRegistry(@Nullable ImageRegistry registry, String image, boolean isolated) {
  /** Where Kaniko looks for {@code config.json}. */
  static final String DOCKER_CONFIG = "/kaniko/.docker";

  private static final String SECRET = "/var/run/slipway/credentials";
  private static final String CA = "/kaniko/registry-ca";

  /** What the init container is told. */
  List<String> fetchFlags() {
    return isolated || registry == null || registry.credentials() == null
        ? List.of()
        : List.of(
            "--credentials=" + SECRET + "/" + registry.credentials().key(),
            "--image=" + BuildInputs.literal(image),
            "--docker-config=" + DOCKER_CONFIG);
  }

  List<VolumeMount> fetchMounts() {
    return builderHasCredentials()
        ? List.of(mount("registry-secret", SECRET, true), mount("credentials", DOCKER_CONFIG, null))
        : List.of();
  }

  /** What the container is told that pushes in the builder's stead. */
  List<String> pushFlags() {
    List<String> flags = new ArrayList<>();
    flags.add("--image=" + BuildInputs.literal(image));
    if (registry != null && registry.credentials() != null) {
      flags.add("--credentials=" + SECRET + "/" + registry.credentials().key());
    }
    if (registry != null && registry.ca() != null) {
      flags.add("--ca=" + CA + "/ca.crt");
    }
    if (registry != null && registry.insecure()) {
      flags.add("--insecure");
    }
    return flags;
  }

  List<VolumeMount> pushMounts() {
    List<VolumeMount> mounts = new ArrayList<>();
    if (registry != null && registry.credentials() != null) {
      mounts.add(mount("registry-secret", SECRET, true));
    }
    if (registry != null && registry.ca() != null) {
      mounts.add(mount("registry-ca", CA, true));
    }
    return mounts;
  }

  /** What Kaniko is told; about this registry only, not about those of base images. */
  List<String> flags() {
    if (registry == null) {
      return List.of();
    }
    String host = ImageLocation.of(image).host();
    List<String> flags = new ArrayList<>();
    if (registry.insecure()) {
      flags.add("--insecure-registry=" + host);
      flags.add("--skip-tls-verify-registry=" + host);
    }
    if (registry.ca() != null) {
      flags.add("--registry-certificate=%s=%s/ca.crt".formatted(host, CA));
    }
    return flags;
  }

  /** What Kaniko finds its credentials by. */
  List<EnvVar> environment() {
    return isolated ? List.of() : List.of(new EnvVar("DOCKER_CONFIG", DOCKER_CONFIG, null));
  }

  List<VolumeMount> mounts() {
    List<VolumeMount> mounts = new ArrayList<>();
    if (builderHasCredentials()) {
      mounts.add(mount("credentials", DOCKER_CONFIG, true));
    }
    if (registry != null && registry.ca() != null) {
      mounts.add(mount("registry-ca", CA, true));
    }
    return mounts;
  }

  List<Volume> volumes() {
    List<Volume> volumes = new ArrayList<>();
    if (registry == null) {
      return volumes;
    }
    ImageRegistry.Credentials credentials = registry.credentials();
    if (credentials != null) {
      String key = credentials.key();
      volumes.add(secret("registry-secret", credentials.secret(), key, key));
      if (builderHasCredentials()) {
        volumes.add(
            new VolumeBuilder()
                .withName("credentials")
                .withNewEmptyDir()
                .withMedium("Memory")
                .endEmptyDir()
                .build());
      }
    }
    if (registry.ca() != null) {
      volumes.add(ca(registry.ca()));
    }
    return volumes;
  }

  private boolean builderHasCredentials() {
    return !isolated && registry != null && registry.credentials() != null;
  }

  private static Volume ca(Source source) {
    return switch (source.kind()) {
      case Secret -> secret("registry-ca", source.name(), source.key(), "ca.crt");
      case ConfigMap ->
          new VolumeBuilder()
              .withName("registry-ca")
              .withNewConfigMap()
              .withName(source.name())
              .withItems(new KeyToPathBuilder().withKey(source.key()).withPath("ca.crt").build())
              .endConfigMap()
              .build();
    };
  }

  /** One key of a Secret as a file. */
  private static Volume secret(String volume, String secret, String key, String path) {
    return new VolumeBuilder()
        .withName(volume)
        .withNewSecret()
        .withSecretName(secret)
        // Read by a user who does not own it.
        .withDefaultMode(0444)
        .withItems(new KeyToPathBuilder().withKey(key).withPath(path).build())
        .endSecret()
        .build();
  }

  private static VolumeMount mount(String volume, String path, @Nullable Boolean readOnly) {
    return new VolumeMountBuilder()
        .withName(volume)
        .withMountPath(path)
        .withReadOnly(readOnly)
        .build();
  }
}
