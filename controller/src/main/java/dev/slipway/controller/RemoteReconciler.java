package dev.slipway.controller;

import dev.slipway.controller.check.ApiFailure;
import dev.slipway.controller.check.CheckedRemote;
import dev.slipway.controller.check.Finding;
import dev.slipway.controller.dependent.Applied;
import dev.slipway.controller.dependent.Dependents;
import dev.slipway.controller.dependent.OwnedObjects;
import dev.slipway.controller.model.Defaults;
import dev.slipway.controller.model.DesiredState;
import dev.slipway.controller.model.Front;
import dev.slipway.controller.model.GitdNetwork;
import dev.slipway.controller.model.Sleep;
import dev.slipway.controller.resolve.ActingRights;
import dev.slipway.controller.resolve.Namesakes;
import dev.slipway.controller.resolve.Nodes;
import dev.slipway.controller.resolve.ReferenceWatch;
import dev.slipway.controller.resolve.References;
import dev.slipway.controller.status.Assessment;
import dev.slipway.controller.status.FrontEntry;
import dev.slipway.controller.status.NameClaim;
import dev.slipway.crd.Registry;
import dev.slipway.crd.Remote;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.ServiceSettings;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a Remote to its gitd and back to its status. */
@ControllerConfiguration(name = "remote", fieldManager = Dependents.FIELD_MANAGER)
final class RemoteReconciler implements Reconciler<Remote> {
  private static final Logger log = LoggerFactory.getLogger(RemoteReconciler.class);

  /** What no watch of ours sees, such as a quota that was raised or a node that has gone. */
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

  private static final int ANSWER_WITHIN_MILLIS = 5000;

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
  private final Defaults defaults;
  private final Optional<Registry> defaultRegistry;
  private final Optional<CurrentFront> front;
  private final Set<String> watchNamespaces;
  private final Optional<String> collector;
  private final Namesakes namesakes = new Namesakes();
  private final ReferenceWatch referenceWatch;
  private final ActingRights actingRights;
  private final Nodes nodes;
  private final StatusWriter status;
  private final Clock clock;

  RemoteReconciler(
      KubernetesClient patient,
      Defaults defaults,
      Optional<Registry> defaultRegistry,
      Optional<CurrentFront> front,
      Set<String> watchNamespaces,
      Optional<String> collector,
      Clock clock) {
    this.client = impatient(patient);
    this.defaults = defaults;
    this.defaultRegistry = defaultRegistry;
    this.front = front;
    this.watchNamespaces = watchNamespaces;
    this.collector = collector;
    this.referenceWatch = new ReferenceWatch(client, watchNamespaces);
    this.actingRights = new ActingRights(client);
    this.nodes = new Nodes(client, clock);
    this.status = new StatusWriter(client);
    this.clock = clock;
  }

  /**
   * Left alone, a client tries one request again for 19 seconds, longer where it gets no answer,
   * and a key that is revoked meanwhile waits. The next reconciliation tries again, with all that
   * is news by then.
   */
  private static KubernetesClient impatient(KubernetesClient client) {
    RequestConfig once =
        new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
            .withRequestRetryBackoffLimit(0)
            .withRequestTimeout(ANSWER_WITHIN_MILLIS)
            .build();
    return client.newClient(once).adapt(KubernetesClient.class);
  }

  @Override
  public UpdateControl<Remote> reconcile(Remote remote, Context<Remote> context) {
    RemoteSpec spec = Objects.requireNonNullElseGet(remote.getSpec(), RemoteSpec::empty);
    Instant now = clock.instant();
    Optional<Front> front = this.front.map(it -> it.now(nodes));

    References references = referenceWatch.resolve(remote, spec);
    CheckedRemote checked =
        CheckedRemote.check(remote.getMetadata(), spec, references, defaultRegistry);
    DesiredState desired =
        DesiredState.of(
            remote, checked, defaults, front, collector, client.getKubernetesSerialization());
    Applied applied = Dependents.apply(client, remote, desired, context.eventSourceRetriever());
    // Asked behind the keys, which do not depend on it.
    List<Finding> rights = actingRights.findings(remote, spec);
    Assessment assessment =
        Assessment.of(
            remote,
            checked,
            applied,
            rights,
            front.flatMap(it -> FrontEntry.of(it, remote, namesakes.keepsFamiliarName(remote))),
            claim(remote),
            Sleep.of(remote, front),
            nodes(remote),
            now);
    if (assessment.isToBeTriedAgain()) {
      if (hasFailedBefore(context)) {
        status.write(remote, assessment, now, context);
      }
      throw new TriedAgainException(assessment.failures());
    }
    status.write(remote, assessment, now, context);
    return applied.findings().isEmpty() && !assessment.isToBeLookedAtAgain()
        ? UpdateControl.noUpdate()
        : UpdateControl.<Remote>noUpdate().rescheduleAfter(LOOK_AGAIN);
  }

  /** What fails once and then works is nobody's business but the log's. */
  private static boolean hasFailedBefore(Context<Remote> context) {
    return context.getRetryInfo().filter(it -> it.getAttemptCount() > 0).isPresent();
  }

  /**
   * JOSDK logs what was thrown and tries again, later each time, and at once when there is news.
   */
  @Override
  public ErrorStatusUpdateControl<Remote> updateErrorStatus(
      Remote remote, Context<Remote> context, Exception thrown) {
    // JOSDK's metrics wrap it.
    Throwable failure =
        thrown instanceof OperatorException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (failure instanceof TriedAgainException || !hasFailedBefore(context)) {
      return ErrorStatusUpdateControl.noStatusUpdate();
    }
    String why =
        failure instanceof KubernetesClientException e
            ? "The API did not say what this Remote refers to: " + ApiFailure.sentence(e) + "."
            : "The controller has failed at this Remote, and its log says where.";
    Instant now = clock.instant();
    try {
      status.write(
          remote, Assessment.failed(remote, why + " It is tried again.", now), now, context);
    } catch (TriedAgainException e) {
      log.warn("Remote {}: {}", ResourceID.fromResource(remote), e.getMessage());
    }
    return ErrorStatusUpdateControl.noStatusUpdate();
  }

  @Override
  public List<EventSource<?, Remote>> prepareEventSources(EventSourceContext<Remote> context) {
    List<EventSource<?, Remote>> sources = new ArrayList<>();
    sources.add(referenceWatch);
    sources.add(namesakes);
    for (Class<? extends HasMetadata> kind : OWNED) {
      sources.add(new OwnedObjects<>(kind, watchNamespaces, context));
    }
    front.flatMap(it -> it.source(context)).ifPresent(sources::add);
    return sources;
  }

  private NameClaim claim(Remote remote) {
    if (!namesakes.keepsFamiliarName(remote)) {
      return NameClaim.LOST;
    }
    return namesakes.isShared(remote) ? NameClaim.KEPT : NameClaim.ALONE;
  }

  private List<Node> nodes(Remote remote) {
    return GitdNetwork.settings(remote).type() == ServiceSettings.Type.NodePort
        ? nodes.now()
        : List.of();
  }
}
