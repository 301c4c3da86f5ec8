package dev.slipway.hooks.custom;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.HookSettings;
import dev.slipway.crd.gitd.ImageRegistry;
import dev.slipway.crd.gitd.ImageRegistry.Credentials;
import dev.slipway.crd.gitd.Target.BuildArg;
import dev.slipway.hooks.job.FetchFiles;
import dev.slipway.hooks.job.JobFrame;
import dev.slipway.hooks.job.ValueSource;
import dev.slipway.hooks.kube.Labels;
import dev.slipway.hooks.plan.PlannedHook;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Describes the Job that runs one hook.
 *
 * <p>Pod Security {@code baseline} allows it, since most images run as root and the app's own image
 * shall find what it finds in its Deployment; the Remote may hold it to {@code restricted}.
 */
final class HookJob {
  static final String CONTAINER = "hook";
  private static final String FETCHED = "/slipway";

  /** Where the files of the commit are. */
  private static final String WORKSPACE = "/workspace";

  private final HookInputs inputs;
  private final PlannedHook planned;
  private final HookSettings hook;
  private final String id;
  private final @Nullable String sha256;

  private HookJob(HookInputs inputs, PlannedHook planned, String id, @Nullable String sha256) {
    this.inputs = inputs;
    this.planned = planned;
    this.hook = planned.hook();
    this.id = id;
    this.sha256 = sha256;
  }

  /**
   * The Job of one hook.
   *
   * @param id lower-case letters and digits, also the key of its token
   * @param sha256 of the files that it fetches; null when it needs none
   */
  static Job of(HookInputs inputs, PlannedHook planned, String id, @Nullable String sha256) {
    return JobFrame.partOf(inputs.push(), new HookJob(inputs, planned, id, sha256).job());
  }

  private Job job() {
    GitdConfig config = inputs.config();
    PodSpecBuilder pod = new PodSpecBuilder().withContainers(container());
    if (sha256 != null) {
      pod.withInitContainers(FetchFiles.container(config.builder(), id, sha256, FETCHED).build())
          .withVolumes(FetchFiles.volumes(config.builder(), id));
    }
    if (planned.build() != null && config.registry() != null) {
      pullSecret(config.registry()).ifPresent(pod::addNewImagePullSecret);
    }
    return JobFrame.of(
        config,
        JobFrame.name(config, hook.name(), inputs.change().newId().name(), id),
        Labels.ofHook(config.name(), hook.name(), id),
        Map.of(),
        hook.timeoutSeconds(),
        pod.build());
  }

  /** There is no pod template of the operator's that could name one. */
  private static Optional<String> pullSecret(ImageRegistry registry) {
    return Optional.ofNullable(registry.pullSecret())
        .or(() -> Optional.ofNullable(registry.credentials()).map(Credentials::secret));
  }

  private Container container() {
    ContainerBuilder container =
        new ContainerBuilder()
            .withName(CONTAINER)
            .withImage(image())
            .withCommand(hook.command())
            .withArgs(hook.args())
            .withEnv(environment())
            .withResources(hook.resources())
            .withSecurityContext(security());
    if (sha256 != null) {
      container
          .withWorkingDir(WORKSPACE)
          .addNewVolumeMount()
          .withName(FetchFiles.VOLUME)
          .withMountPath(WORKSPACE)
          .withSubPath("context")
          .endVolumeMount();
    }
    return container.build();
  }

  private String image() {
    return planned.build() == null
        ? Objects.requireNonNull(hook.image())
        : inputs.image(planned.build());
  }

  /** Ours first, so that those of the Remote may refer to them. */
  private List<EnvVar> environment() {
    List<EnvVar> environment = new ArrayList<>();
    inputs
        .variables()
        .forEach(
            (name, value) ->
                environment.add(
                    // Keeps Kubernetes from expanding $(NAME) in what strangers have written.
                    new EnvVar(name, value.replace("$", "$$"), /* valueFrom= */ null)));
    hook.env().forEach(variable -> environment.add(variable(variable)));
    return environment;
  }

  private static EnvVar variable(BuildArg variable) {
    EnvVarBuilder built = new EnvVarBuilder().withName(variable.name());
    return variable.valueFrom() == null
        ? built.withValue(variable.value()).build()
        : built.withValueFrom(ValueSource.of(variable.valueFrom())).build();
  }

  private SecurityContext security() {
    SecurityContextBuilder security =
        new SecurityContextBuilder()
            .withRunAsUser(hook.runAsUser())
            .withAllowPrivilegeEscalation(false)
            .withNewSeccompProfile()
            .withType("RuntimeDefault")
            .endSeccompProfile();
    if (hook.restricted()) {
      security.withRunAsNonRoot(true).withCapabilities(new Capabilities(List.of(), List.of("ALL")));
    }
    return security.build();
  }
}
