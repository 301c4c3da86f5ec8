package dev.slipway.hooks.job;

import dev.slipway.crd.gitd.BuildSettings;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.KeyToPathBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.List;

/** Describes the init container that brings files of a commit into a pod, and its volumes. */
public final class FetchFiles {
  /** The volume that gets the files; those of the tree lie in its folder {@code context}. */
  public static final String VOLUME = "context";

  /** The name of the init container. */
  static final String CONTAINER = "fetch-context";

  private static final String TOKEN = "token";
  private static final String TOKEN_DIRECTORY = "/var/run/slipway/token";

  /** Compiles only what takes long: of a small context nothing. */
  private static final EnvVar SHORT_LIVED =
      new EnvVar("JDK_JAVA_OPTIONS", "-XX:CompileThresholdScaling=10", /* valueFrom= */ null);

  private static final long UNPRIVILEGED = 65532L;

  private FetchFiles() {}

  /**
   * The init container.
   *
   * @param id of the Job, also the key of its token
   * @param sha256 of what is fetched
   * @param into where the volume is mounted
   */
  public static ContainerBuilder container(
      BuildSettings settings, String id, String sha256, String into) {
    return new ContainerBuilder()
        .withName(CONTAINER)
        .withImage(settings.contextImage())
        .withArgs(
            "fetch-context",
            "--url=" + settings.contextUrl() + "/contexts/" + id,
            "--token-file=" + TOKEN_DIRECTORY + "/token",
            "--sha256=" + sha256,
            "--into=" + into)
        .withEnv(SHORT_LIVED)
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withSecurityContext(restricted())
        .withVolumeMounts(
            new VolumeMountBuilder().withName(VOLUME).withMountPath(into).build(),
            new VolumeMountBuilder()
                .withName(TOKEN)
                .withMountPath(TOKEN_DIRECTORY)
                .withReadOnly(true)
                .build());
  }

  /** How what runs in gitd's image beside a builder is held, which is Pod Security restricted. */
  public static SecurityContext restricted() {
    return new SecurityContextBuilder()
        .withRunAsNonRoot(true)
        .withRunAsUser(UNPRIVILEGED)
        .withRunAsGroup(UNPRIVILEGED)
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withCapabilities(new Capabilities(List.of(), List.of("ALL")))
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .build();
  }

  /** The volumes that it needs. */
  public static List<Volume> volumes(BuildSettings settings, String id) {
    return List.of(
        new VolumeBuilder().withName(VOLUME).withNewEmptyDir().endEmptyDir().build(),
        new VolumeBuilder()
            .withName(TOKEN)
            .withNewSecret()
            .withSecretName(settings.tokenSecret())
            // Read by a user who does not own it.
            .withDefaultMode(0444)
            .withItems(new KeyToPathBuilder().withKey(id).withPath("token").build())
            .endSecret()
            .build());
  }
}
