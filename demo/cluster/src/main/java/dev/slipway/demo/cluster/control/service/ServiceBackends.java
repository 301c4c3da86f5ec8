package dev.slipway.demo.cluster.control.service;

import dev.slipway.demo.cluster.control.loop.PodFacts;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointAddressBuilder;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.EndpointSubsetBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Works out which pods stand behind a Service, and at which ports. */
final class ServiceBackends {
  private ServiceBackends() {}

  /** Whether the Service chooses its pods itself. */
  static boolean hasSelector(Service service) {
    var selector = service.getSpec().getSelector();
    return selector != null && !selector.isEmpty();
  }

  /** Whether the Service's selector means a pod with these labels. */
  static boolean selects(Service service, Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return hasSelector(service)
        && labels != null
        && labels.entrySet().containsAll(service.getSpec().getSelector().entrySet());
  }

  /** The selected pods that have an address and have not run to their end, in a fixed order. */
  static List<Pod> of(Service service, List<Pod> pods) {
    return pods.stream()
        .filter(pod -> selects(service, pod) && !PodFacts.isFinished(pod))
        .filter(pod -> pod.getStatus() != null && pod.getStatus().getPodIP() != null)
        .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
        .toList();
  }

  /**
   * The older form: pods grouped by the ports they really listen on; terminating ones left out,
   * unless the Service wants also those that are not ready.
   */
  static List<EndpointSubset> subsets(Service service, List<Pod> backends) {
    var byPorts = new TreeMap<String, EndpointSubset>();
    for (var pod : backends) {
      if (PodFacts.isTerminating(pod) && !publishesNotReady(service)) {
        continue;
      }
      var ports = ports(service, pod);
      var subset =
          byPorts.computeIfAbsent(
              ports.toString(), _ -> new EndpointSubsetBuilder().withPorts(ports).build());
      var address = address(pod);
      if (PodFacts.isReady(pod) || publishesNotReady(service)) {
        subset.getAddresses().add(address);
      } else {
        subset.getNotReadyAddresses().add(address);
      }
    }
    return List.copyOf(byPorts.values());
  }

  private static EndpointAddress address(Pod pod) {
    return new EndpointAddressBuilder()
        .withIp(pod.getStatus().getPodIP())
        .withNodeName(pod.getSpec().getNodeName())
        .withTargetRef(reference(pod))
        .build();
  }

  /** The newer form, terminating pods included and marked. */
  static List<Endpoint> endpoints(Service service, List<Pod> backends) {
    return backends.stream().map(pod -> endpoint(service, pod)).toList();
  }

  private static Endpoint endpoint(Service service, Pod pod) {
    boolean serving = PodFacts.isReady(pod);
    boolean terminating = PodFacts.isTerminating(pod);
    return new EndpointBuilder()
        .withAddresses(pod.getStatus().getPodIP())
        .withNewConditions()
        .withReady(publishesNotReady(service) || (serving && !terminating))
        .withServing(serving)
        .withTerminating(terminating)
        .endConditions()
        .withNodeName(pod.getSpec().getNodeName())
        .withTargetRef(reference(pod))
        .build();
  }

  private static boolean publishesNotReady(Service service) {
    return Boolean.TRUE.equals(service.getSpec().getPublishNotReadyAddresses());
  }

  private static ObjectReference reference(Pod pod) {
    return new ObjectReferenceBuilder()
        .withKind("Pod")
        .withNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName())
        .withUid(pod.getMetadata().getUid())
        .build();
  }

  /** The Service's ports as this pod has them; a name that the pod does not know is left out. */
  static List<EndpointPort> ports(Service service, Pod pod) {
    var ports = new ArrayList<EndpointPort>();
    for (var port : service.getSpec().getPorts()) {
      target(port, pod)
          .ifPresent(
              number ->
                  ports.add(
                      new EndpointPortBuilder()
                          .withName(port.getName())
                          .withPort(number)
                          .withProtocol(port.getProtocol() == null ? "TCP" : port.getProtocol())
                          .build()));
    }
    return ports;
  }

  private static Optional<Integer> target(ServicePort port, Pod pod) {
    var target = port.getTargetPort();
    if (target == null) {
      return Optional.of(port.getPort());
    }
    if (target.getIntVal() != null) {
      return Optional.of(target.getIntVal() == 0 ? port.getPort() : target.getIntVal());
    }
    return pod.getSpec().getContainers().stream()
        .flatMap(container -> container.getPorts().stream())
        .filter(candidate -> target.getStrVal().equals(candidate.getName()))
        .map(ContainerPort::getContainerPort)
        .findFirst();
  }
}
