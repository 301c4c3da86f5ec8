package dev.slipway.controller.model;

import dev.slipway.crd.ServiceMesh;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.List;
import java.util.Optional;

/** The Deployment in which gitd runs, under Pod Security "restricted". */
final class GitdWorkload {
  private static final long USER = 65532;
  private static final String HOST_KEY_FOLDER = "/etc/slipway/host-key";
  private static final String STATE_FOLDER = "/var/lib/slipway";

  /** Readable through fsGroup: a mounted Secret belongs to root, and gitd is not root. */
  private static final int GROUP_READABLE = 0440;

  /** What gitd has to end by itself when a push has used up its time. */
  private static final int LAST_SECONDS = 10;

  /** How long a gitd may take to start, an image and a volume on their way included. */
  private static final int START_SECONDS = 300;

  private GitdWorkload() {}

  static Deployment deployment(
      Metadata metadata,
      Names names,
      String namespace,
      Defaults defaults,
      Optional<String> collector,
      Sleep sleep) {
    return new DeploymentBuilder()
        .withMetadata(metadata.of(names.gitd()))
        .withNewSpec()
        .withReplicas(sleep.asleep() ? 0 : 1)
        .withRevisionHistoryLimit(2)
        // The new one has to wait until the old one is gone.
        .withProgressDeadlineSeconds(graceSeconds(defaults) + START_SECONDS)
        // The repository's volume can be written by one pod only.
        .withNewStrategy()
        .withType("Recreate")
        .endStrategy()
        .withNewSelector()
        .withMatchLabels(names.selector())
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(names.labels())
        .addToLabels(ServiceMesh.LABELS)
        .withAnnotations(ServiceMesh.ANNOTATIONS)
        .endMetadata()
        .withNewSpec()
        .withServiceAccountName(names.gitd())
        .withAutomountServiceAccountToken(true)
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds((long) graceSeconds(defaults))
        .withPriorityClassName(defaults.gitdPriorityClass().orElse(null))
        .withImagePullSecrets(pullSecrets(defaults))
        .withSecurityContext(podSecurity())
        .withContainers(container(names, namespace, defaults, collector))
        .addNewVolume()
        .withName("host-key")
        .withNewSecret()
        .withSecretName(names.hostKeySecret())
        .withDefaultMode(GROUP_READABLE)
        .endSecret()
        .endVolume()
        .addNewVolume()
        .withName("state")
        .withNewPersistentVolumeClaim()
        .withClaimName(names.gitd())
        .endPersistentVolumeClaim()
        .endVolume()
        .addNewVolume()
        .withName("tmp")
        .withNewEmptyDir()
        .endEmptyDir()
        .endVolume()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private static int graceSeconds(Defaults defaults) {
    return defaults.drainSeconds() + LAST_SECONDS;
  }

  private static List<LocalObjectReference> pullSecrets(Defaults defaults) {
    return defaults.pullSecrets().stream().map(LocalObjectReference::new).toList();
  }

  private static Container container(
      Names names, String namespace, Defaults defaults, Optional<String> collector) {
    return new ContainerBuilder()
        .withName("gitd")
        .withImage(defaults.images().gitd())
        .withArgs(
            "serve",
            "--namespace=" + namespace,
            "--config-secret=" + names.configSecret(),
            "--repository=" + STATE_FOLDER + "/repository",
            "--host-key=" + HOST_KEY_FOLDER + "/" + HostKeySecret.PRIVATE_KEY,
            "--ssh-port=" + GitdPorts.SSH,
            "--context-port=" + GitdPorts.CONTEXT,
            "--health-port=" + GitdPorts.HEALTH,
            "--shutdown-grace-seconds=" + defaults.drainSeconds())
        // Without one, Java can name no file, and so no branch, that is not ASCII.
        .addNewEnv()
        .withName("LC_ALL")
        .withValue("C.UTF-8")
        .endEnv()
        // Java would take a quarter; the other half is for its code, threads and buffers.
        .addNewEnv()
        .withName("JDK_JAVA_OPTIONS")
        .withValue("-XX:MaxRAMPercentage=50")
        .endEnv()
        .addAllToEnv(
            collector.stream()
                .map(url -> new EnvVar("OTEL_EXPORTER_OTLP_ENDPOINT", url, /* valueFrom= */ null))
                .toList())
        .addNewPort()
        .withName("ssh")
        .withContainerPort(GitdPorts.SSH)
        .withProtocol("TCP")
        .endPort()
        .addNewPort()
        .withName("context")
        .withContainerPort(GitdPorts.CONTEXT)
        .withProtocol("TCP")
        .endPort()
        .addNewPort()
        .withName("health")
        .withContainerPort(GitdPorts.HEALTH)
        .withProtocol("TCP")
        .endPort()
        .withStartupProbe(probe("/livez", 1, 60))
        .withLivenessProbe(probe("/livez", 10, 3))
        .withReadinessProbe(probe("/readyz", 2, 2))
        .withNewResources()
        .addToRequests("cpu", new Quantity("20m"))
        .addToRequests("memory", new Quantity("128Mi"))
        .addToLimits("memory", new Quantity("512Mi"))
        .endResources()
        .withSecurityContext(containerSecurity())
        .addNewVolumeMount()
        .withName("host-key")
        .withMountPath(HOST_KEY_FOLDER)
        .withReadOnly(true)
        .endVolumeMount()
        .addNewVolumeMount()
        .withName("state")
        .withMountPath(STATE_FOLDER)
        .endVolumeMount()
        .addNewVolumeMount()
        .withName("tmp")
        .withMountPath("/tmp")
        .endVolumeMount()
        .build();
  }

  private static Probe probe(String path, int periodSeconds, int failures) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .withNewPort("health")
        .endHttpGet()
        .withPeriodSeconds(periodSeconds)
        .withTimeoutSeconds(5)
        .withFailureThreshold(failures)
        .build();
  }

  private static PodSecurityContext podSecurity() {
    return new PodSecurityContextBuilder()
        .withRunAsNonRoot(true)
        .withRunAsUser(USER)
        .withRunAsGroup(USER)
        .withFsGroup(USER)
        .withFsGroupChangePolicy("OnRootMismatch")
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .build();
  }

  private static SecurityContext containerSecurity() {
    return new SecurityContextBuilder()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .build();
  }
}
