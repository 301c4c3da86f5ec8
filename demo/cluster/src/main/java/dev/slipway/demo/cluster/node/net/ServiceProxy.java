package dev.slipway.demo.cluster.node.net;

import dev.slipway.demo.cluster.control.loop.Key;
import dev.slipway.demo.cluster.control.loop.Watched;
import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.LoadBalancerIngressBuilder;
import io.fabric8.kubernetes.api.model.PortStatusBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes Services reachable: at their cluster addresses from the host and all pods, and those of
 * type NodePort and LoadBalancer on loopback.
 */
public final class ServiceProxy implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServiceProxy.class);
  private static final String LOOPBACK = "127.0.0.1";
  private static final Key API = new Key("default", "kubernetes");

  /**
   * One address to listen on, and the name of the Service's port behind it. No more of the port
   * counts: a Service that gets another type keeps the connections that it has.
   */
  private record Listener(Key key, String address, int port, String target) {}

  private final KubernetesClient client;
  private final PodNetwork network;
  private final HostsFiles hosts;
  private final InetSocketAddress api;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("services").factory());
  private final Watched<Service> services;
  private final Watched<Endpoints> endpoints;
  private final Map<Listener, TcpForwarder> listening = new HashMap<>();
  private final Set<String> serviceAddresses = new LinkedHashSet<>();
  private final AtomicInteger turn = new AtomicInteger();

  /** Only the worker asks. */
  private boolean willLookAgain;

  private ServiceProxy(KubernetesClient client, PodNetwork network, HostsFiles hosts) {
    this.client = client;
    this.network = network;
    this.hosts = hosts;
    var url = URI.create(client.getConfiguration().getMasterUrl());
    this.api = new InetSocketAddress(url.getHost(), url.getPort() < 0 ? 443 : url.getPort());
    this.services = new Watched<>(client, Service.class);
    this.endpoints = new Watched<>(client, Endpoints.class);
  }

  /** Returns when the present Services are reachable; kept up to date until it is closed. */
  public static ServiceProxy start(KubernetesClient client, PodNetwork network, HostsFiles hosts)
      throws InterruptedException {
    var proxy = new ServiceProxy(client, network, hosts);
    proxy.services.listen((_, _) -> proxy.worker.execute(proxy::update));
    CompletableFuture.allOf(
            proxy.endpoints.start().toCompletableFuture(),
            proxy.services.start().toCompletableFuture())
        .join();
    var first = new CountDownLatch(1);
    proxy.worker.execute(
        () -> {
          proxy.update();
          first.countDown();
        });
    first.await();
    return proxy;
  }

  private void update() {
    var current = services.all();
    hosts.show(current);
    var wanted = new LinkedHashSet<Listener>();
    var addresses = new LinkedHashSet<String>();
    for (var service : current) {
      if (HostsFiles.hasAddress(service)) {
        addresses.add(service.getSpec().getClusterIP());
      }
      wanted.addAll(listeners(service));
    }
    addresses.forEach(this::add);
    var unwanted = new HashSet<>(listening.keySet());
    unwanted.removeAll(wanted);
    unwanted.stream().map(listening::remove).filter(Objects::nonNull).forEach(TcpForwarder::close);
    wanted.forEach(this::listen);
    List.copyOf(serviceAddresses).stream()
        .filter(address -> !addresses.contains(address))
        .forEach(this::remove);
    current.stream().filter(ServiceProxy::isLoadBalancer).forEach(this::publish);
  }

  private void add(String address) {
    if (serviceAddresses.add(address)) {
      try {
        network.addServiceAddress(address);
      } catch (IOException e) {
        log.warn("Cannot take the Service address {}", address, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void remove(String address) {
    serviceAddresses.remove(address);
    try {
      network.removeServiceAddress(address);
    } catch (IOException e) {
      log.debug("Cannot give back the Service address {}", address, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<Listener> listeners(Service service) {
    var all = new ArrayList<Listener>();
    var key = Key.of(service);
    for (var port : service.getSpec().getPorts()) {
      if (HostsFiles.hasAddress(service)) {
        all.add(new Listener(key, service.getSpec().getClusterIP(), port.getPort(), name(port)));
      }
      if (port.getNodePort() != null && port.getNodePort() > 0) {
        all.add(new Listener(key, LOOPBACK, port.getNodePort(), name(port)));
      }
      // Below 1024 is where the machine's own services are.
      if (isLoadBalancer(service) && port.getPort() >= 1024) {
        all.add(new Listener(key, LOOPBACK, port.getPort(), name(port)));
      }
    }
    return all;
  }

  private static boolean isLoadBalancer(Service service) {
    return "LoadBalancer".equals(service.getSpec().getType());
  }

  private void listen(Listener listener) {
    if (listening.containsKey(listener)) {
      return;
    }
    var address = new InetSocketAddress(listener.address(), listener.port());
    try {
      listening.put(
          listener, TcpForwarder.listen(address, () -> next(listener.key(), listener.target())));
    } catch (IOException e) {
      log.debug("Service {} is not at {}: {}", listener.key(), address, e.getMessage());
      lookAgain();
    }
  }

  /**
   * Somebody else may have the port, and a process that is being started has one that we have just
   * closed until it runs its program.
   */
  private void lookAgain() {
    if (!willLookAgain) {
      willLookAgain = true;
      CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, worker)
          .execute(
              () -> {
                willLookAgain = false;
                update();
              });
    }
  }

  /** The endpoints in turn. */
  private Optional<InetSocketAddress> next(Key key, String port) {
    if (key.equals(API)) {
      return Optional.of(api);
    }
    var found = endpoints.get(key);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    var targets = new ArrayList<InetSocketAddress>();
    for (var subset : found.get().getSubsets()) {
      for (EndpointPort endpoint : subset.getPorts()) {
        if (Objects.requireNonNullElse(endpoint.getName(), "").equals(port)) {
          for (EndpointAddress address : subset.getAddresses()) {
            targets.add(new InetSocketAddress(address.getIp(), endpoint.getPort()));
          }
        }
      }
    }
    return targets.isEmpty()
        ? Optional.empty()
        : Optional.of(targets.get(Math.floorMod(turn.getAndIncrement(), targets.size())));
  }

  private static String name(ServicePort port) {
    return Objects.requireNonNullElse(port.getName(), "");
  }

  /** Says at which ports of loopback it is, which are the node ports where its own are taken. */
  private void publish(Service service) {
    var key = Key.of(service);
    var ingress = new LoadBalancerIngressBuilder().withIp(LOOPBACK).withIpMode("VIP");
    for (var port : service.getSpec().getPorts()) {
      var own = new Listener(key, LOOPBACK, port.getPort(), name(port));
      var reachable = listening.containsKey(own) ? port.getPort() : port.getNodePort();
      if (reachable != null) {
        ingress.addToPorts(
            new PortStatusBuilder()
                .withPort(reachable)
                .withProtocol(Optional.ofNullable(port.getProtocol()).orElse("TCP"))
                .build());
      }
    }
    var wanted = List.of(ingress.build());
    var status = service.getStatus();
    if (status != null
        && status.getLoadBalancer() != null
        && wanted.equals(status.getLoadBalancer().getIngress())) {
      return;
    }
    try {
      client
          .services()
          .inNamespace(service.getMetadata().getNamespace())
          .withName(service.getMetadata().getName())
          .subresource("status")
          .patch(
              PatchContext.of(PatchType.JSON_MERGE),
              "{\"status\":{\"loadBalancer\":{\"ingress\":%s}}}"
                  .formatted(client.getKubernetesSerialization().asJson(wanted)));
    } catch (KubernetesClientException e) {
      log.warn("Cannot publish the address of Service {}: {}", key, e.getMessage());
    }
  }

  @Override
  public void close() {
    services.close();
    endpoints.close();
    worker.shutdownNow();
    listening.values().forEach(TcpForwarder::close);
  }
}
