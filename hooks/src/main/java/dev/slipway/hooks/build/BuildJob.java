package dev.slipway.hooks.build;

import dev.slipway.crd.Remote;
import dev.slipway.crd.ServiceMesh;
import dev.slipway.crd.gitd.BuildSettings;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.hooks.job.FetchFiles;
import dev.slipway.hooks.job.JobFrame;
import dev.slipway.hooks.kube.Labels;
import dev.slipway.hooks.plan.ImageBuild;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Describes the Job that builds one image: an init container brings the build context, Kaniko
 * builds it and pushes. When the push is isolated, Kaniko is an init container too, has no
 * credentials and leaves the image in a file, for a last container to push.
 *
 * <p>Pod Security {@code baseline} allows it; Kaniko, which is root in its container and changes
 * owners, cannot run under {@code restricted}.
 */
public final class BuildJob {
  /** Name of the container that builds. */
  public static final String KANIKO = "kaniko";

  private static final String CONTEXT = "/kaniko/buildcontext";

  // Below Kaniko's own folder, which it keeps out of the image.
  private static final String BUILT = "/kaniko/built";
  private static final String ARCHIVE = BUILT + "/image.tar";
  private static final int RETRIES = 3;

  private final GitdConfig config;
  private final BuildSettings settings;
  private final ImageBuild build;
  private final BuildInputs inputs;
  private final BuildRegistry registry;
  private final Optional<LayerCache> layers;
  private final String id;
  private final String sha256;

  private BuildJob(
      GitdConfig config, ImageBuild build, Optional<LayerCache> layers, String id, String sha256) {
    this.config = config;
    this.settings = config.builder();
    this.build = build;
    this.inputs = BuildInputs.of(build.target());
    this.registry = new BuildRegistry(config.registry(), build.image(), settings.isolatePush());
    this.layers = layers;
    this.id = id;
    this.sha256 = sha256;
  }

  /**
   * The Job of one build.
   *
   * @param layers empty to keep none
   * @param id of the build: lower-case letters and digits, also the key of its token
   * @param sha256 of its build context
   */
  public static Job of(
      GitdConfig config, ImageBuild build, Optional<LayerCache> layers, String id, String sha256) {
    return new BuildJob(config, build, layers, id, sha256).job();
  }

  private Job job() {
    Job job =
        JobFrame.of(
            config,
            JobFrame.name(config, build.container(), build.commit(), id),
            Labels.ofBuild(config.name(), id),
            Map.of(Remote.GROUP + "/image", build.image()),
            settings.timeoutSeconds(),
            new PodSpecBuilder()
                .withNodeSelector(settings.nodeSelector())
                .withTolerations(settings.tolerations())
                .withPriorityClassName(settings.priorityClassName())
                .withInitContainers(
                    settings.isolatePush() ? List.of(fetch(), kaniko()) : List.of(fetch()))
                .withContainers(settings.isolatePush() ? push() : kaniko())
                .withVolumes(volumes())
                .build());
    return new JobBuilder(job)
        .editSpec()
        .editTemplate()
        .editMetadata()
        .addToLabels(ServiceMesh.LABELS)
        .addToAnnotations(ServiceMesh.ANNOTATIONS)
        .endMetadata()
        .endTemplate()
        .endSpec()
        .build();
  }

  private Container fetch() {
    return FetchFiles.container(settings, id, sha256, CONTEXT)
        .addAllToArgs(registry.fetchFlags())
        .addAllToVolumeMounts(registry.fetchMounts())
        .build();
  }

  private Container kaniko() {
    List<VolumeMount> mounts = new ArrayList<>();
    mounts.add(new VolumeMountBuilder().withName(FetchFiles.VOLUME).withMountPath(CONTEXT).build());
    mounts.addAll(registry.mounts());
    if (settings.isolatePush()) {
      mounts.add(new VolumeMountBuilder().withName("built").withMountPath(BUILT).build());
    }
    inputs.mount().ifPresent(mounts::add);
    return new ContainerBuilder()
        .withName(KANIKO)
        .withImage(settings.image())
        .withArgs(kanikoArgs())
        .addAllToEnv(registry.environment())
        // Kaniko refuses to run where it does not recognise a container.
        .addNewEnv()
        .withName("container")
        .withValue("kube")
        .endEnv()
        .addAllToEnv(inputs.environment())
        .withResources(settings.resources())
        .withSecurityContext(baseline())
        .withVolumeMounts(mounts)
        .build();
  }

  private Container push() {
    List<String> args = new ArrayList<>(List.of("push-image", "--archive=" + ARCHIVE));
    args.addAll(registry.pushFlags());
    List<VolumeMount> mounts = new ArrayList<>();
    mounts.add(
        new VolumeMountBuilder().withName("built").withMountPath(BUILT).withReadOnly(true).build());
    mounts.addAll(registry.pushMounts());
    return new ContainerBuilder()
        .withName(JobFrame.PUSH)
        .withImage(settings.contextImage())
        .withArgs(args)
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        // As much as the builder had is free again, and a quota may want every container's.
        .withResources(settings.resources())
        .withSecurityContext(FetchFiles.restricted())
        .withVolumeMounts(mounts)
        .build();
  }

  private List<String> kanikoArgs() {
    List<String> args = new ArrayList<>();
    args.add("--context=dir://" + CONTEXT + "/context");
    args.add(
        "--dockerfile="
            + BuildInputs.literal(CONTEXT + "/dockerfile/" + build.source().dockerfileName()));
    args.add("--destination=" + BuildInputs.literal(build.image()));
    if (settings.isolatePush()) {
      args.add("--no-push");
      args.add("--tar-path=" + ARCHIVE);
    } else {
      args.add("--digest-file=/dev/termination-log");
    }
    args.add("--log-format=json");
    if (!settings.isolatePush()) {
      args.add("--push-retry=" + RETRIES);
    }
    args.add("--image-download-retry=" + RETRIES);
    if (build.target().stage() != null) {
      args.add("--target=" + BuildInputs.literal(build.target().stage()));
    }
    args.addAll(inputs.flags());
    build
        .imageLabels()
        .forEach((key, value) -> args.add("--label=" + BuildInputs.literal(key + "=" + value)));
    if (build.target().noCache()) {
      args.add("--cache=false");
    } else {
      layers.map(LayerCache::flags).ifPresent(args::addAll);
    }
    args.addAll(registry.flags());
    return args;
  }

  private List<Volume> volumes() {
    List<Volume> volumes = new ArrayList<>(FetchFiles.volumes(settings, id));
    inputs.volume().ifPresent(volumes::add);
    volumes.addAll(registry.volumes());
    if (settings.isolatePush()) {
      volumes.add(new VolumeBuilder().withName("built").withNewEmptyDir().endEmptyDir().build());
    }
    return volumes;
  }

  private static SecurityContext baseline() {
    return new SecurityContextBuilder()
        .withRunAsUser(0L)
        .withCapabilities(
            new Capabilities(
                List.of("CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID", "SETFCAP", "KILL"),
                List.of("ALL")))
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .build();
  }
}
