package dev.slipway.hooks.job;

import dev.slipway.crd.Remote;
import dev.slipway.crd.ShortName;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.hooks.PushId;
import dev.slipway.hooks.kube.Labels;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.List;
import java.util.Map;

/**
 * Describes what all Jobs of a push have in common: they belong to the Remote, run once, get no API
 * token, and end in time.
 */
public final class JobFrame {
  /** Name of the container that pushes what the one before it has built. */
  public static final String PUSH = "push";

  private static final long POD_HEADSTART_SECONDS = 15;
  private static final int KEPT_SECONDS = 3600;

  private JobFrame() {}

  /** What it is, which commit, and a random part; the first gives way when it gets long. */
  public static String name(GitdConfig config, String what, String commit, String id) {
    String tail = "-" + commit.substring(0, 7) + "-" + id;
    String head = (config.name() + "-" + what).replace('.', '-');
    int room = ShortName.LIMIT - tail.length();
    return (head.length() <= room ? head : head.substring(0, room).replaceFirst("-+$", "")) + tail;
  }

  /** The same Job, labelled as a part of a push. */
  public static Job partOf(PushId push, Job job) {
    Map<String, String> label = Map.of(Labels.PUSH, push.value());
    return new JobBuilder(job)
        .editMetadata()
        .addToLabels(label)
        .endMetadata()
        .editSpec()
        .editTemplate()
        .editMetadata()
        .addToLabels(label)
        .endMetadata()
        .endTemplate()
        .endSpec()
        .build();
  }

  /**
   * A Job.
   *
   * @param labels of the Job and its pod
   * @param pod what is its own
   */
  public static Job of(
      GitdConfig config,
      String name,
      Map<String, String> labels,
      Map<String, String> annotations,
      int timeoutSeconds,
      PodSpec pod) {
    return new JobBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(config.namespace())
        .withLabels(labels)
        .withAnnotations(annotations)
        .addNewOwnerReference()
        .withApiVersion(Remote.GROUP + "/" + Remote.VERSION)
        .withKind("Remote")
        .withName(config.name())
        .withUid(config.uid())
        .withController(true)
        .endOwnerReference()
        .endMetadata()
        .withNewSpec()
        .withBackoffLimit(0)
        // The Job's own deadline deletes the pod with its log, the pod's keeps it.
        .withActiveDeadlineSeconds(timeoutSeconds + POD_HEADSTART_SECONDS)
        .withTtlSecondsAfterFinished(KEPT_SECONDS)
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels)
        .endMetadata()
        .withSpec(
            new PodSpecBuilder(pod)
                .addAllToImagePullSecrets(pullSecrets(config))
                .withRestartPolicy("Never")
                .withActiveDeadlineSeconds((long) timeoutSeconds)
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(5L)
                .build())
        .endTemplate()
        .endSpec()
        .build();
  }

  private static List<LocalObjectReference> pullSecrets(GitdConfig config) {
    return config.builder().pullSecrets().stream().map(LocalObjectReference::new).toList();
  }
}
