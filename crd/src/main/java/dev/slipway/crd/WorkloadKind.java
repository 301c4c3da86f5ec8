package dev.slipway.crd;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The kinds of objects whose images a push can set. A Job is none of them: its template cannot be
 * changed once it exists.
 */
public enum WorkloadKind {
  Deployment("apps", io.fabric8.kubernetes.api.model.apps.Deployment.class),
  StatefulSet("apps", StatefulSet.class),
  DaemonSet("apps", DaemonSet.class),
  CronJob("batch", CronJob.class);

  private final String group;
  private final Class<? extends HasMetadata> type;

  WorkloadKind(String group, Class<? extends HasMetadata> type) {
    this.group = group;
    this.type = type;
  }

  /** Its API group. */
  public String group() {
    return group;
  }

  /** For example {@code deployment}, as kubectl takes it. */
  public String singular() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** For example {@code deployments}, as a Role names it. */
  public String plural() {
    return singular() + "s";
  }

  /** What an object of this kind is read as. */
  public Class<? extends HasMetadata> type() {
    return type;
  }

  /** What the pods of an object of one of these kinds are made from. */
  public static PodTemplateSpec podTemplate(HasMetadata object) {
    return switch (object) {
      case io.fabric8.kubernetes.api.model.apps.Deployment it -> it.getSpec().getTemplate();
      case StatefulSet it -> it.getSpec().getTemplate();
      case DaemonSet it -> it.getSpec().getTemplate();
      case CronJob it -> it.getSpec().getJobTemplate().getSpec().getTemplate();
      default -> throw new IllegalArgumentException(object.getKind() + " is no workload");
    };
  }

  /** The names of all containers that run an image in these pods, init containers first. */
  public static List<String> containerNames(HasMetadata object) {
    var pods = podTemplate(object).getSpec();
    return Stream.concat(pods.getInitContainers().stream(), pods.getContainers().stream())
        .map(Container::getName)
        .toList();
  }
}
