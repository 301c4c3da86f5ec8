package dev.slipway.hooks.plan;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.ImageRegistry;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Names images exactly as Gitkube did, because users of registries such as ECR create these
 * repositories beforehand.
 */
final class ImageName {
  private ImageName() {}

  static String of(
      ImageRegistry registry,
      GitdConfig config,
      String deployment,
      String container,
      ObjectId commit) {
    String repository =
        "%s-%s-%s.%s-%s"
            .formatted(
                config.namespace(), config.name(), config.namespace(), deployment, container);
    String prefix = registry.prefix().isEmpty() ? "" : registry.prefix() + "/";
    return prefix + repository + ":" + commit.name();
  }
}
