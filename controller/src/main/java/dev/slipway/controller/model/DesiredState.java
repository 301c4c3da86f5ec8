package dev.slipway.controller.model;

import dev.slipway.controller.check.CheckedRemote;
import dev.slipway.crd.Remote;
import dev.slipway.crd.gitd.GitdConfig;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Optional;

/**
 * Everything that should exist for one Remote.
 *
 * @param hostKey without data, which is made once and then kept
 * @param repository its spec counts only while there is none yet
 * @param others in the order in which they are applied, the config of gitd first
 */
public record DesiredState(
    Names names, Secret hostKey, PersistentVolumeClaim repository, List<HasMetadata> others) {

  /**
   * What should exist.
   *
   * @param collector where gitd sends traces; empty for nowhere
   */
  public static DesiredState of(
      Remote remote,
      CheckedRemote checked,
      Defaults defaults,
      Optional<Front> front,
      Optional<String> collector,
      KubernetesSerialization json) {
    var names = Names.of(remote.getMetadata().getName());
    var metadata = new Metadata(remote, names);
    Sleep sleep = Sleep.of(remote, front);
    GitdConfig config = GitdConfigs.of(remote, checked, names, defaults, front, sleep);
    return new DesiredState(
        names,
        HostKeySecret.of(metadata, names),
        GitdStorage.repository(metadata, names, remote),
        List.of(
            GitdStorage.config(metadata, names, config, json),
            GitdAccess.serviceAccount(metadata, names),
            GitdAccess.role(metadata, names, config, checked.replaceablePods()),
            GitdAccess.roleBinding(metadata, names, config),
            GitdStorage.tokens(metadata, names),
            GitdNetwork.ssh(metadata, names, GitdNetwork.settings(remote), sleep),
            GitdNetwork.context(metadata, names),
            GitdNetwork.policy(metadata, names),
            GitdNetwork.builds(metadata, names),
            GitdWorkload.deployment(
                metadata, names, config.namespace(), defaults, collector, sleep)));
  }
}
