package dev.slipway.hooks.manifests;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.ManifestSettings;
import dev.slipway.hooks.kube.ApiCalls;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;

/**
 * Begins the deployment of manifests, push by push.
 *
 * @param client gitd's own
 */
public record ManifestDeployments(KubernetesClient client, ApiCalls api, Clock clock) {

  /** What the cluster has, asked anew for each push. */
  public KindView kinds() {
    return new ClusterKinds(client, api);
  }

  /**
   * Becomes the account that applies.
   *
   * @param config of the Remote with the targets of all branches, as other branches' images stay
   * @throws ManifestRefusedException if gitd may not, or there is no such account
   */
  public ManifestDeployment begin(GitdConfig config, ManifestSettings settings)
      throws ManifestRefusedException, InterruptedException {
    return ManifestDeployment.begin(client, api, clock, config, settings, kinds());
  }
}
