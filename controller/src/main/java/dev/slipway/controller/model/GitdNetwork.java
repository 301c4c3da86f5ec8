package dev.slipway.controller.model;

import dev.slipway.crd.Remote;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.ServiceSettings;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import java.util.Optional;

/**
 * How gitd is reached: SSH from anywhere, build contexts only by this Remote's builds; and who
 * reaches those.
 */
public final class GitdNetwork {
  private static final int SSH_PORT = 22;

  private GitdNetwork() {}

  /** The Service settings of a Remote with all defaults in them, except for nodePort and host. */
  public static ServiceSettings settings(Remote remote) {
    Optional<ServiceSettings> written =
        Optional.ofNullable(remote.getSpec()).map(RemoteSpec::service);
    return new ServiceSettings(
        written.map(ServiceSettings::type).orElse(ServiceSettings.Type.ClusterIP),
        written.map(ServiceSettings::port).orElse(SSH_PORT),
        written.map(ServiceSettings::nodePort).orElse(null),
        written
            .map(ServiceSettings::host)
            .map(String::strip)
            .filter(it -> !it.isEmpty())
            .orElse(null),
        written.map(ServiceSettings::annotations).orElse(null));
  }

  static Service ssh(Metadata metadata, Names names, ServiceSettings settings, Sleep sleep) {
    ObjectMeta objectMeta = metadata.of(names.gitd());
    objectMeta.setAnnotations(settings.annotations());
    return new ServiceBuilder()
        .withMetadata(objectMeta)
        .withNewSpec()
        .withType(String.valueOf(settings.type()))
        .withSelector(names.selector())
        // Front knocks until somebody opens: it need not wait for a probe to notice.
        .withPublishNotReadyAddresses(sleep.isPossible() ? true : null)
        .addNewPort()
        .withName("ssh")
        .withProtocol("TCP")
        .withPort(settings.port())
        .withNewTargetPort("ssh")
        .withNodePort(settings.nodePort())
        .endPort()
        .endSpec()
        .build();
  }

  /** Apart from the one for SSH, so that no load balancer ever exposes build contexts. */
  static Service context(Metadata metadata, Names names) {
    return new ServiceBuilder()
        .withMetadata(metadata.of(names.context()))
        .withNewSpec()
        .withType("ClusterIP")
        .withSelector(names.selector())
        // A gitd that is replaced lets its pushes end, and they still build.
        .withPublishNotReadyAddresses(true)
        .addNewPort()
        .withName("context")
        .withProtocol("TCP")
        .withPort(GitdPorts.CONTEXT)
        .withNewTargetPort("context")
        .endPort()
        .endSpec()
        .build();
  }

  static NetworkPolicy policy(Metadata metadata, Names names) {
    return new NetworkPolicyBuilder()
        .withMetadata(metadata.of(names.gitd()))
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(names.selector())
        .endPodSelector()
        .withPolicyTypes("Ingress")
        .withIngress(fromAnywhere(GitdPorts.SSH), fromJobs(names), fromAnywhere(GitdPorts.HEALTH))
        .endSpec()
        .build();
  }

  /** Nobody has anything to ask of a build. What it may reach the operator has to say. */
  static NetworkPolicy builds(Metadata metadata, Names names) {
    return new NetworkPolicyBuilder()
        .withMetadata(metadata.of(names.builds()))
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(names.buildLabels())
        .endPodSelector()
        .withPolicyTypes("Ingress")
        .endSpec()
        .build();
  }

  private static NetworkPolicyIngressRule fromAnywhere(int port) {
    return new NetworkPolicyIngressRuleBuilder()
        .addNewPort()
        .withProtocol("TCP")
        .withPort(new IntOrString(port))
        .endPort()
        .build();
  }

  private static NetworkPolicyIngressRule fromJobs(Names names) {
    return new NetworkPolicyIngressRuleBuilder()
        .addNewFrom()
        .withNewPodSelector()
        .withMatchLabels(names.jobLabels())
        .endPodSelector()
        .endFrom()
        .addNewPort()
        .withProtocol("TCP")
        .withPort(new IntOrString(GitdPorts.CONTEXT))
        .endPort()
        .build();
  }
}
