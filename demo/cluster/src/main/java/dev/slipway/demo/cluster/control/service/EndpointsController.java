package dev.slipway.demo.cluster.control.service;

import dev.slipway.demo.cluster.control.loop.ClusterView;
import dev.slipway.demo.cluster.control.loop.Key;
import dev.slipway.demo.cluster.control.loop.Ownership;
import dev.slipway.demo.cluster.control.loop.WorkQueue;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Publishes which pods stand behind each Service, as Endpoints and as one EndpointSlice. */
public final class EndpointsController implements AutoCloseable {
  private static final String SERVICE_NAME = "kubernetes.io/service-name";
  private static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
  private static final String MANAGER = "endpointslice-controller.k8s.io";

  private final KubernetesClient client;
  private final ClusterView view;
  private final WorkQueue queue = new WorkQueue("endpoints", 5, this::look);

  /** Listens to the view; works as soon as the view has started. */
  public EndpointsController(KubernetesClient client, ClusterView view) {
    this.client = client;
    this.view = view;
    view.of(Service.class).follow(service -> queue.request(Key.of(service)));
    view.of(Pod.class).listen(this::podChanged);
  }

  private void podChanged(@Nullable Pod before, @Nullable Pod after) {
    var pod = after == null ? before : after;
    if (pod == null) {
      return;
    }
    view.of(Service.class).in(pod.getMetadata().getNamespace()).stream()
        .filter(
            service ->
                ServiceBackends.selects(service, pod)
                    || (before != null && ServiceBackends.selects(service, before)))
        .forEach(service -> queue.request(Key.of(service)));
  }

  private Optional<Duration> look(Key key) {
    var service = view.of(Service.class).get(key);
    if (service.isEmpty()) {
      view.of(Endpoints.class).get(key).ifPresent(endpoints -> client.resource(endpoints).delete());
      return Optional.empty(); // the slice goes with its owner
    }
    if (ServiceBackends.hasSelector(service.get())
        && service.get().getMetadata().getDeletionTimestamp() == null) {
      publish(key, service.get());
    }
    return Optional.empty();
  }

  private void publish(Key key, Service service) {
    var backends = ServiceBackends.of(service, view.of(Pod.class).in(key.namespace()));
    write(view.of(Endpoints.class).get(key), endpoints(service, backends));
    write(slice(key), service, backends);
  }

  private void write(Optional<Endpoints> before, Endpoints wanted) {
    if (before.isEmpty()) {
      create(wanted);
    } else if (!before.get().getSubsets().equals(wanted.getSubsets())) {
      client
          .resource(new EndpointsBuilder(before.get()).withSubsets(wanted.getSubsets()).build())
          .update();
    }
  }

  private static Endpoints endpoints(Service service, List<Pod> backends) {
    return new EndpointsBuilder()
        .withNewMetadata()
        .withNamespace(service.getMetadata().getNamespace())
        .withName(service.getMetadata().getName())
        .withLabels(service.getMetadata().getLabels())
        .endMetadata()
        .withSubsets(ServiceBackends.subsets(service, backends))
        .build();
  }

  private Optional<EndpointSlice> slice(Key service) {
    return view.of(EndpointSlice.class).in(service.namespace()).stream()
        .filter(
            slice -> {
              var labels = slice.getMetadata().getLabels();
              return labels != null
                  && service.name().equals(labels.get(SERVICE_NAME))
                  && MANAGER.equals(labels.get(MANAGED_BY));
            })
        .findFirst();
  }

  private void write(Optional<EndpointSlice> before, Service service, List<Pod> backends) {
    var endpoints = ServiceBackends.endpoints(service, backends);
    var ports = ports(service, backends);
    if (before.isEmpty()) {
      create(newSlice(service).withEndpoints(endpoints).withPorts(ports).build());
    } else if (!endpoints.equals(orNone(before.get().getEndpoints()))
        || !ports.equals(orNone(before.get().getPorts()))) {
      client
          .resource(
              new EndpointSliceBuilder(before.get())
                  .withEndpoints(endpoints)
                  .withPorts(ports)
                  .build())
          .update();
    }
  }

  /** The real API leaves out a list that is empty. */
  private static <T> List<T> orNone(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  private static EndpointSliceBuilder newSlice(Service service) {
    var name = service.getMetadata().getName();
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withNamespace(service.getMetadata().getNamespace())
        // A fixed name, so that a second one cannot be made while the watch lags behind.
        .withName(name + "-" + service.getMetadata().getUid().substring(0, 5))
        .withLabels(Map.of(SERVICE_NAME, name, MANAGED_BY, MANAGER))
        .withOwnerReferences(Ownership.controlledBy(service))
        .endMetadata()
        .withAddressType("IPv4");
  }

  /** All pods of one slice share the ports of the first; named ports that differ are rare. */
  private static List<EndpointPort> ports(Service service, List<Pod> backends) {
    return backends.stream()
        .limit(1)
        .flatMap(pod -> ServiceBackends.ports(service, pod).stream())
        .map(
            port ->
                new EndpointPortBuilder()
                    .withName(port.getName() == null ? "" : port.getName())
                    .withPort(port.getPort())
                    .withProtocol(port.getProtocol())
                    .build())
        .toList();
  }

  /** Where there is one already, the watch will show it, and with it comes the next look. */
  private void create(HasMetadata object) {
    client.resource(object).createOr(_ -> object);
  }

  @Override
  public void close() {
    queue.close();
  }
}
