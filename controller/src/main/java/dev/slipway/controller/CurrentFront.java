package dev.slipway.controller;

import dev.slipway.controller.model.Front;
import dev.slipway.controller.resolve.Nodes;
import dev.slipway.controller.status.Address;
import dev.slipway.crd.Remote;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.FieldSelectorBuilder;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** front as it is at the moment, where it has its address from a Service that anybody may make. */
final class CurrentFront {
  private static final Logger log = LoggerFactory.getLogger(CurrentFront.class);

  private final Front told;
  private final Optional<ResourceID> service;
  private @Nullable InformerEventSource<Service, Remote> services;

  /**
   * @param told what the controller was started with
   * @param service whose address counts where the controller was told none
   */
  CurrentFront(Front told, Optional<ResourceID> service) {
    this.told = told;
    this.service = service.filter(it -> told.host().isEmpty());
  }

  /** Has all Remotes looked at again when the Service appears, changes or goes. */
  Optional<EventSource<Service, Remote>> source(EventSourceContext<Remote> context) {
    service.ifPresent(
        it ->
            services =
                new InformerEventSource<>(
                    InformerEventSourceConfiguration.from(Service.class, Remote.class)
                        .withName("front")
                        .withNamespaces(it.getNamespace().orElseThrow())
                        .withFieldSelector(
                            new FieldSelectorBuilder()
                                .withField("metadata.name", it.getName())
                                .build())
                        .withSecondaryToPrimaryMapper(
                            _ -> context.getPrimaryCache().keys().collect(Collectors.toSet()))
                        .build(),
                    context));
    return Optional.ofNullable(services);
  }

  Front now(Nodes nodes) {
    InformerEventSource<Service, Remote> followed = services;
    return followed == null
        ? told
        : service
            .flatMap(followed::get)
            .flatMap(it -> Address.fromOutside(it, nodes(it, nodes)))
            .map(it -> told.at(it.host(), it.port()))
            .orElse(told);
  }

  /** No key may wait for them. */
  private static List<Node> nodes(Service service, Nodes nodes) {
    if (!Address.isOnNodes(service)) {
      return List.of();
    }
    try {
      return nodes.now();
    } catch (KubernetesClientException e) {
      log.warn("the nodes at which front is reached cannot be asked for: {}", e.getMessage());
      return nodes.lastKnown();
    }
  }
}
