package dev.slipway.demo.cluster.node;

import dev.slipway.demo.cluster.ClusterAddresses;
import dev.slipway.demo.cluster.api.fault.ContainerFaults;
import dev.slipway.demo.cluster.control.loop.EventLog;
import dev.slipway.demo.cluster.image.ImageStore;
import dev.slipway.demo.cluster.node.container.Cgroups;
import dev.slipway.demo.cluster.node.container.LogCopy;
import dev.slipway.demo.cluster.node.kubelet.KubeletServer;
import dev.slipway.demo.cluster.node.kubelet.LogRequest;
import dev.slipway.demo.cluster.node.kubelet.LogsUnavailable;
import dev.slipway.demo.cluster.node.kubelet.PodLogs;
import dev.slipway.demo.cluster.node.net.HostsFiles;
import dev.slipway.demo.cluster.node.net.PodNetwork;
import dev.slipway.demo.cluster.node.net.ServiceProxy;
import dev.slipway.demo.cluster.node.pod.PodHost;
import dev.slipway.demo.cluster.node.pod.PodWorker;
import dev.slipway.demo.cluster.process.Command;
import dev.slipway.demo.cluster.process.Interruptible;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node of the cluster: runs the pods that are bound to it, with runc on this machine, and makes
 * Services reachable. It knows the API only as a client of it.
 */
public final class Node implements AutoCloseable, PodLogs, ContainerFaults {
  private static final Logger log = LoggerFactory.getLogger(Node.class);

  private static final String CGROUP = "slipway-";

  private final PodHost host;
  private final ServiceProxy services;
  private final SharedIndexInformer<Pod> pods;
  private final ChangedSources sources;
  private final KubeletServer kubelet;
  private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();

  private Node(
      PodHost host, ServiceProxy services, SharedIndexInformer<Pod> pods, NodeOptions options)
      throws IOException {
    this.host = host;
    this.services = services;
    this.pods = pods;
    this.sources = new ChangedSources(host.client(), this::refresh);
    this.kubelet =
        KubeletServer.start(options.addresses().host(), options.kubelet(), host.client(), this);
  }

  /**
   * Joins the cluster of this client, after clearing away what a killed predecessor left.
   *
   * @throws IOException when this machine cannot run pods; the message says what is missing
   */
  public static Node start(KubernetesClient client, NodeOptions options)
      throws IOException, InterruptedException {
    ClusterAddresses.forEachFree(
        Cgroups.numbered(CGROUP), dead -> Cgroups.remove("/" + CGROUP + dead));
    var cgroup = "/" + CGROUP + options.addresses().block();
    Cgroups.remove(cgroup);
    var directory = options.state().resolve("node");
    Command.of("rm", "-rf", "--one-file-system", directory.toString()).runOrFail();
    Files.createDirectories(directory);
    var store = Files.createDirectories(images(options.state()));
    var network = PodNetwork.open(options.addresses());
    var hosts = new HostsFiles();
    var events = new EventLog(client);
    var host =
        new PodHost(
            client,
            new ImageStore(store),
            options.systemImages(),
            network,
            hosts,
            events.as("kubelet", options.name()),
            directory,
            Files.createDirectories(options.state().resolve("claims")),
            cgroup,
            // By name, as the API's certificate names no address but loopback.
            Map.of(
                "KUBERNETES_SERVICE_HOST", "kubernetes.default.svc",
                "KUBERNETES_SERVICE_PORT", "443",
                "KUBERNETES_SERVICE_PORT_HTTPS", "443"),
            options.backOff(),
            Clock.systemUTC());
    nameTheApi(client, options);
    var informer =
        client
            .pods()
            .inAnyNamespace()
            .withField("spec.nodeName", options.name())
            .runnableInformer(0);
    var node = new Node(host, ServiceProxy.start(client, network, hosts), informer, options);
    register(client, options, node.kubelet.port());
    informer.addEventHandler(node.new Reaction());
    informer.run();
    return node;
  }

  /** Where a node that keeps its state in this directory has its images. */
  public static Path images(Path state) {
    return state.resolve("images");
  }

  private static void register(KubernetesClient client, NodeOptions options, int kubelet)
      throws IOException {
    var capacity =
        """
        {"cpu": "%d", "memory": "%dKi", "ephemeral-storage": "100Gi", "pods": "250"}\
        """
            .formatted(Runtime.getRuntime().availableProcessors(), memory());
    // Node ports listen at the external address.
    var text =
        """
        {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "%1$s", "labels": {"kubernetes.io/hostname": "%1$s",
          "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}},
        "spec": {},
        "status": {"capacity": %2$s, "allocatable": %2$s,
          "addresses": [{"type": "InternalIP", "address": "%3$s"},
            {"type": "ExternalIP", "address": "127.0.0.1"}, {"type": "Hostname", "address": "%1$s"}],
          "conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady",
            "message": "kubelet is posting ready status",
            "lastHeartbeatTime": "%4$s", "lastTransitionTime": "%4$s"}],
          "daemonEndpoints": {"kubeletEndpoint": {"Port": %5$d}},
          "nodeInfo": {"operatingSystem": "linux", "architecture": "amd64",
            "kubeletVersion": "v1.34.0-slipway", "kernelVersion": "%6$s",
            "osImage": "the machine itself", "containerRuntimeVersion": "runc://1.1"}}}
        """
            .formatted(
                options.name(),
                capacity,
                options.addresses().host(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                kubelet,
                System.getProperty("os.version"));
    var node =
        client
            .getKubernetesSerialization()
            .unmarshal(text, io.fabric8.kubernetes.api.model.Node.class);
    if (client.nodes().withName(options.name()).get() == null) {
      client.nodes().resource(node).create();
    }
    client.nodes().resource(node).subresource("status").patch();
  }

  /** The Service by which pods reach the API; a real API server makes it itself. */
  private static void nameTheApi(KubernetesClient client, NodeOptions options) {
    if (client.services().inNamespace("default").withName("kubernetes").get() == null) {
      var service =
          new ServiceBuilder()
              .withNewMetadata()
              .withNamespace("default")
              .withName("kubernetes")
              .endMetadata()
              .withNewSpec()
              .withClusterIP(options.addresses().service(1))
              .addNewPort()
              .withName("https")
              .withPort(443)
              .endPort()
              .endSpec()
              .build();
      client.services().resource(service).create();
    }
  }

  private static long memory() throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc/meminfo"))) {
      if (line.startsWith("MemTotal:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("/proc/meminfo does not say how much memory there is");
  }

  private void refresh(Predicate<String> namespace) {
    workers.values().stream()
        .filter(worker -> namespace.test(worker.namespace()))
        .forEach(PodWorker::refresh);
  }

  /** Lets pods begin, go on and end as the API says. */
  private final class Reaction implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      var phase = pod.getStatus() == null ? "" : String.valueOf(pod.getStatus().getPhase());
      boolean over = phase.equals("Succeeded") || phase.equals("Failed");
      if (over && pod.getMetadata().getDeletionTimestamp() == null) {
        return;
      }
      workers.computeIfAbsent(
          pod.getMetadata().getUid(),
          uid -> {
            try {
              return PodWorker.start(host, pod);
            } catch (IOException e) {
              throw new UncheckedIOException("Cannot keep files of a pod", e);
            }
          });
    }

    @Override
    public void onUpdate(Pod before, Pod after) {
      if (!before.getMetadata().getUid().equals(after.getMetadata().getUid())) {
        onDelete(before, false);
      }
      var worker = workers.get(after.getMetadata().getUid());
      if (worker == null) {
        onAdd(after);
      } else {
        worker.see(after);
      }
    }

    @Override
    public void onDelete(Pod pod, boolean unknown) {
      var worker = workers.remove(pod.getMetadata().getUid());
      if (worker != null) {
        worker.forget();
      }
    }
  }

  @Override
  public void copy(LogRequest request, OutputStream to)
      throws LogsUnavailable, IOException, InterruptedException {
    var worker = workers.get(request.podUid());
    if (worker == null) {
      throw new LogsUnavailable("pod \"" + request.pod() + "\" does not run on this node");
    }
    LogCopy.copy(worker.log(request.container(), request.previous()), request, to);
  }

  @Override
  public void kill(String namespace, String pod, String container) throws IOException {
    var status = pod(namespace, pod).getStatus();
    var id =
        Stream.of(status.getContainerStatuses(), status.getInitContainerStatuses())
            .flatMap(List::stream)
            .filter(
                each -> each.getName().equals(container) && each.getState().getRunning() != null)
            .map(each -> each.getContainerID().replaceFirst("^.*://", ""))
            .findFirst()
            .orElseThrow(() -> new IOException(container + " does not run in " + pod));
    Cgroups.kill(host.cgroup() + "/" + pod(namespace, pod).getMetadata().getUid() + "/" + id);
  }

  @Override
  public void killAll() {
    Cgroups.kill(host.cgroup());
  }

  @Override
  public void rotateLog(String namespace, String pod, String container) throws IOException {
    var worker = workers.get(pod(namespace, pod).getMetadata().getUid());
    try {
      if (worker != null) {
        worker.log(container, false).rotate();
      }
    } catch (LogsUnavailable e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private Pod pod(String namespace, String name) throws IOException {
    var pod = host.client().pods().inNamespace(namespace).withName(name).get();
    if (pod == null) {
      throw new IOException("there is no pod " + name + " in " + namespace);
    }
    return pod;
  }

  /** Stops all pods at once and leaves nothing of them. */
  @Override
  public void close() {
    kubelet.close();
    pods.stop();
    sources.close();
    services.close();
    var stopping =
        workers.values().stream()
            .map(worker -> Interruptible.start("abandon", worker::abandon))
            .toList();
    try {
      for (var thread : stopping) {
        thread.join();
      }
      host.events().log().close();
      host.network().close();
      Cgroups.remove(host.cgroup());
      Command.of("rm", "-rf", "--one-file-system", host.directory().toString()).runOrFail();
    } catch (IOException e) {
      log.warn("The node's directory stays behind", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
