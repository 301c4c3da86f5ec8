package dev.slipway.hooks.plan;

import dev.slipway.crd.ShortName;
import dev.slipway.crd.WorkloadKind;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.Workload;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Names images exactly as Gitkube did, because users of registries such as ECR create these
 * repositories beforehand. Gitkube knew only Deployments; the kind of anything else is in the name,
 * with an underscore, which no name in Kubernetes has.
 *
 * <p>Names are joined by the dash that they may contain, so two images can share a repository; what
 * runs is pinned by digest and never the other's.
 */
public final class ImageName {
  /** Registries take 255 characters, of which a path in front of it needs some. */
  private static final int LIMIT = 220;

  private ImageName() {}

  /**
   * Name and tag.
   *
   * @param registry with a path if any, without a slash at its end; may be empty
   */
  static String of(
      String registry, GitdConfig config, Workload workload, String container, ObjectId commit) {
    String repository =
        "%s-%s-%s.%s-%s"
            .formatted(
                config.namespace(), config.name(), config.namespace(), named(workload), container);
    return in(registry, repository) + ":" + commit.name();
  }

  /**
   * The repository in which builds keep layers. Like those of images it is no deeper than a
   * registry without nested repositories takes; the underscore keeps it apart from all of them.
   */
  public static String ofLayers(String registry, GitdConfig config) {
    return in(registry, "%s-%s_cache".formatted(config.namespace(), config.name()));
  }

  private static String in(String registry, String repository) {
    return (registry.isEmpty() ? "" : registry + "/") + fitting(repository);
  }

  private static String fitting(String repository) {
    return repository.length() <= LIMIT
        ? repository
        // A dot or an underscore must not stand beside the dash.
        : ShortName.shortened(repository, LIMIT).replaceFirst("[._-]+(-[0-9a-f]+)$", "$1");
  }

  private static String named(Workload workload) {
    return workload.kind() == WorkloadKind.Deployment
        ? workload.name()
        : workload.kind().singular() + "_" + workload.name();
  }
}
