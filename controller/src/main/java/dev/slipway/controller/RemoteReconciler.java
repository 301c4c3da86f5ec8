package dev.slipway.controller;

import dev.slipway.controller.check.CheckedRemote;
import dev.slipway.controller.dependent.Applied;
import dev.slipway.controller.dependent.Dependents;
import dev.slipway.controller.model.DesiredState;
import dev.slipway.controller.model.Front;
import dev.slipway.controller.model.GitdNetwork;
import dev.slipway.controller.model.Images;
import dev.slipway.controller.model.Names;
import dev.slipway.controller.resolve.Namesakes;
import dev.slipway.controller.resolve.ReferenceWatch;
import dev.slipway.controller.resolve.References;
import dev.slipway.controller.status.Announcements;
import dev.slipway.controller.status.Assessment;
import dev.slipway.controller.status.FrontEntry;
import dev.slipway.controller.status.NameClaim;
import dev.slipway.crd.Registry;
import dev.slipway.crd.Remote;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.ServiceSettings;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** From a Remote to its gitd and back to its status. */
@ControllerConfiguration(name = "remote", fieldManager = Dependents.FIELD_MANAGER)
final class RemoteReconciler implements Reconciler<Remote> {
  /** What no watch of ours sees, such as a quota that was raised or a node that has gone. */
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

  private static final List<Class<? extends HasMetadata>> OWNED =
      List.of(
          ServiceAccount.class,
          Role.class,
          RoleBinding.class,
          Secret.class,
          PersistentVolumeClaim.class,
          Service.class,
          NetworkPolicy.class,
          Deployment.class);

  private final KubernetesClient client;
  private final KubernetesClient writes;
  private final Images images;
  private final Optional<Registry> defaultRegistry;
  private final Optional<Front> front;
  private final Namesakes namesakes = new Namesakes();
  private final ReferenceWatch referenceWatch;
  private final Announcements announcements;
  private final Clock clock;

  RemoteReconciler(
      KubernetesClient client,
      Images images,
      Optional<Registry> defaultRegistry,
      Optional<Front> front,
      Clock clock) {
    this.client = client;
    this.writes = impatient(client);
    this.images = images;
    this.defaultRegistry = defaultRegistry;
    this.front = front;
    this.referenceWatch = new ReferenceWatch(client);
    this.announcements = new Announcements(client);
    this.clock = clock;
  }

  /**
   * Left alone, a client tries one write again for 19 seconds, and a key that is revoked meanwhile
   * waits. The next reconciliation tries again, with all that is news by then.
   */
  private static KubernetesClient impatient(KubernetesClient client) {
    RequestConfig once =
        new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
            .withRequestRetryBackoffLimit(1)
            .build();
    return client.newClient(once).adapt(KubernetesClient.class);
  }

  @Override
  public UpdateControl<Remote> reconcile(Remote remote, Context<Remote> context) {
    RemoteSpec spec = Objects.requireNonNullElseGet(remote.getSpec(), RemoteSpec::empty);
    Instant now = clock.instant();

    References references = referenceWatch.resolve(remote, spec);
    CheckedRemote checked =
        CheckedRemote.check(remote.getMetadata(), spec, references, defaultRegistry);
    DesiredState desired =
        DesiredState.of(remote, checked, images, front, client.getKubernetesSerialization());
    Applied applied = Dependents.apply(writes, remote, desired);
    Assessment assessment =
        Assessment.of(remote, checked, applied, entry(remote), claim(remote), nodes(remote), now);
    if (assessment.differsFrom(remote)) {
      // Not by UpdateControl, which leaves the next reconciliation a Remote without this status, so
      // that it would be news again.
      PrimaryUpdateAndCacheUtils.ssaPatchStatusAndCacheResource(
          remote, withOnly(assessment, remote), context);
      announcements.announce(remote, assessment, now);
    }
    return applied.findings().isEmpty() && checked.isManifestsAllowed()
        ? UpdateControl.noUpdate()
        : UpdateControl.<Remote>noUpdate().rescheduleAfter(LOOK_AGAIN);
  }

  @Override
  public List<EventSource<?, Remote>> prepareEventSources(EventSourceContext<Remote> context) {
    List<EventSource<?, Remote>> sources = new ArrayList<>();
    sources.add(referenceWatch);
    sources.add(namesakes);
    for (Class<? extends HasMetadata> kind : OWNED) {
      sources.add(owned(kind, context));
    }
    return sources;
  }

  private static <R extends HasMetadata> EventSource<R, Remote> owned(
      Class<R> kind, EventSourceContext<Remote> context) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(kind, Remote.class)
            .withLabelSelector(Names.MANAGED_BY + "=" + Names.SLIPWAY)
            .withNamespacesInheritedFromController()
            .build(),
        context);
  }

  private Optional<FrontEntry> entry(Remote remote) {
    return front.flatMap(it -> FrontEntry.of(it, remote, namesakes.keepsFamiliarName(remote)));
  }

  private NameClaim claim(Remote remote) {
    if (!namesakes.keepsFamiliarName(remote)) {
      return NameClaim.LOST;
    }
    return namesakes.isShared(remote) ? NameClaim.KEPT : NameClaim.ALONE;
  }

  private List<Node> nodes(Remote remote) {
    return GitdNetwork.settings(remote).type() == ServiceSettings.Type.NodePort
        ? client.nodes().list().getItems()
        : List.of();
  }

  /** A fresh object: what it does not hold stays gitd's. */
  private static Remote withOnly(Assessment assessment, Remote remote) {
    var fresh = new Remote();
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(remote.getMetadata().getName())
            .withNamespace(remote.getMetadata().getNamespace())
            .build());
    fresh.setStatus(assessment.status());
    return fresh;
  }
}
