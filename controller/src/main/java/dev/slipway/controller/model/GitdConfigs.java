package dev.slipway.controller.model;

import dev.slipway.controller.check.CheckedRemote;
import dev.slipway.crd.Builder;
import dev.slipway.crd.LayerCache;
import dev.slipway.crd.Remote;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.Resources;
import dev.slipway.crd.Rollout;
import dev.slipway.crd.gitd.BuildSettings;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.LayerSettings;
import dev.slipway.crd.gitd.RolloutSettings;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Fills in what a Remote leaves open, and puts it together as gitd reads it. */
final class GitdConfigs {
  private static final int BUILD_SECONDS = 1800;
  private static final int ROLLOUT_SECONDS = 300;
  private static final int PARALLELISM = 4;
  private static final int LAYER_HOURS = 336;

  private GitdConfigs() {}

  static GitdConfig of(
      Remote remote,
      CheckedRemote checked,
      Names names,
      Defaults defaults,
      Optional<Front> front,
      Sleep sleep) {
    RemoteSpec spec = Objects.requireNonNullElseGet(remote.getSpec(), RemoteSpec::empty);
    String namespace = remote.getMetadata().getNamespace();
    return new GitdConfig(
        namespace,
        remote.getMetadata().getName(),
        remote.getMetadata().getUid(),
        List.copyOf(checked.authorizedKeys().keySet()),
        checked.branches(),
        checked.registry().orElse(null),
        checked.targets(),
        checked.manifests().orElse(null),
        checked.hooks(),
        builder(spec.builder(), namespace, names, defaults),
        rollout(spec.rollout()),
        GitdStorage.limits(remote),
        checked.unsupported(),
        front.map(Front::ca).orElse(null),
        sleep.isPossible() ? sleep.afterSeconds() : null);
  }

  private static BuildSettings builder(
      @Nullable Builder written, String namespace, Names names, Defaults defaults) {
    Builder builder = written == null ? Builder.empty() : written;
    BuilderDefaults otherwise = defaults.builder();
    String image = builder.image();
    return new BuildSettings(
        image == null || image.isBlank() ? defaults.images().builder() : image.strip(),
        defaults.images().gitd(),
        "http://" + names.context() + "." + namespace + ".svc:" + GitdPorts.CONTEXT,
        names.tokensSecret(),
        resources(builder.resources() == null ? otherwise.resources() : builder.resources()),
        Objects.requireNonNullElse(builder.timeoutSeconds(), BUILD_SECONDS),
        nodeSelector(builder, otherwise),
        Objects.requireNonNullElse(otherwise.tolerations(), List.of()),
        defaults.pullSecrets(),
        Objects.requireNonNullElse(builder.parallelism(), PARALLELISM),
        cache(builder),
        Boolean.TRUE.equals(builder.isolatePush()),
        priority(otherwise));
  }

  private static @Nullable String priority(BuilderDefaults otherwise) {
    String said = otherwise.priorityClassName();
    return said == null || said.isEmpty() ? null : said;
  }

  private static Map<String, String> nodeSelector(Builder builder, BuilderDefaults otherwise) {
    Map<String, String> said =
        builder.nodeSelector() == null ? otherwise.nodeSelector() : builder.nodeSelector();
    return said == null ? Map.of() : new TreeMap<>(said);
  }

  /** Without a login a builder could not keep any. */
  private static @Nullable LayerSettings cache(Builder builder) {
    LayerCache cache = builder.cache() == null ? new LayerCache(null, null, null) : builder.cache();
    if (Boolean.TRUE.equals(builder.isolatePush()) || Boolean.FALSE.equals(cache.enabled())) {
      return null;
    }
    String repository = cache.repository();
    return new LayerSettings(
        repository == null || repository.isBlank() ? null : repository.strip(),
        Objects.requireNonNullElse(cache.ttlHours(), LAYER_HOURS),
        Boolean.TRUE.equals(cache.enabled()));
  }

  private static ResourceRequirements resources(@Nullable Resources written) {
    return written == null
        ? new ResourceRequirements()
        : new ResourceRequirementsBuilder()
            .withRequests(written.requests())
            .withLimits(written.limits())
            .build();
  }

  private static RolloutSettings rollout(@Nullable Rollout written) {
    Rollout rollout = written == null ? new Rollout(null, null) : written;
    return new RolloutSettings(
        Objects.requireNonNullElse(rollout.timeoutSeconds(), ROLLOUT_SECONDS),
        Objects.requireNonNullElse(rollout.onFailure(), Rollout.OnFailure.Restore));
  }
}
