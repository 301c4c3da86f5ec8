package dev.slipway.demo.cluster.node.pod;

import dev.slipway.demo.cluster.node.container.Cgroups;
import dev.slipway.demo.cluster.node.container.ContainerLog;
import dev.slipway.demo.cluster.node.container.Sandbox;
import dev.slipway.demo.cluster.node.kubelet.LogsUnavailable;
import dev.slipway.demo.cluster.process.Interruptible;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one pod through its life on this node. */
public final class PodWorker {
  private static final Logger log = LoggerFactory.getLogger(PodWorker.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** On a busy machine a status is long on its way; without it nobody learns how a pod ended. */
  private static final long LAST_WORDS_SECONDS = 60;

  private final PodHost host;
  private final PodRecord record;
  private final PodFiles files;
  private final Stop stop = new Stop();
  private final AccountTokens tokens;
  private final Thread thread;
  private volatile Optional<Volumes> volumes = Optional.empty();

  private PodWorker(PodHost host, Pod pod) throws IOException {
    this.host = host;
    this.record = new PodRecord(host, pod);
    var uid = pod.getMetadata().getUid();
    this.files = new PodFiles(host.directory().resolve(uid), host.cgroup() + "/" + uid);
    this.tokens =
        new AccountTokens(
            (audience, seconds) ->
                new ClusterObjects(host.client())
                    .token(
                        pod,
                        Optional.ofNullable(pod.getSpec().getServiceAccountName())
                            .orElse("default"),
                        audience,
                        seconds),
            host.clock());
    this.thread =
        Thread.ofVirtual().name("pod " + pod.getMetadata().getName()).unstarted(this::live);
  }

  /** Returns at once. */
  public static PodWorker start(PodHost host, Pod pod) throws IOException {
    var worker = new PodWorker(host, pod);
    worker.thread.start();
    worker.see(pod);
    return worker;
  }

  /** The object has changed: perhaps it shall end now. */
  public void see(Pod pod) {
    record.see(pod);
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      var grace =
          Optional.ofNullable(pod.getMetadata().getDeletionGracePeriodSeconds()).orElse(30L);
      stop.ask(Duration.ofSeconds(grace));
    }
  }

  /** Shows in the pod's volumes what Secrets, ConfigMaps and tokens are now; returns at once. */
  public void refresh() {
    volumes.ifPresent(
        made ->
            Interruptible.start(
                "refresh",
                () -> {
                  try {
                    made.refresh(record.pod());
                  } catch (IOException | KubernetesClientException e) {
                    log.warn("Cannot refresh volumes", e);
                  }
                }));
  }

  public String namespace() {
    return record.pod().getMetadata().getNamespace();
  }

  /** The object is gone: nothing may run any more. */
  public void forget() {
    record.forget();
    stop.ask(Duration.ZERO);
    Interruptible.start(
        "forget",
        () -> {
          thread.join();
          files.deleteAll();
        });
  }

  /** The node ends: stops all, at once, without a word to the API. */
  public void abandon() throws InterruptedException {
    record.forget();
    stop.ask(Duration.ZERO);
    thread.join();
  }

  /** The log of a container's last run or the one before. */
  public ContainerLog log(String container, boolean previous) throws LogsUnavailable {
    return files
        .log(container, previous)
        .orElseThrow(
            () ->
                new LogsUnavailable(
                    previous
                        ? "previous terminated container \"%s\" in pod \"%s\" not found"
                            .formatted(container, record.pod().getMetadata().getName())
                        : "container \"%s\" in pod \"%s\" is not available"
                            .formatted(container, record.pod().getMetadata().getName())));
  }

  private void live() {
    try {
      try {
        runInSandbox();
      } finally {
        Cgroups.remove(files.cgroup());
        files.cleanAll();
      }
      record.end();
      record.flush(LAST_WORDS_SECONDS);
      if (record.awaitDeletion()) {
        return;
      }
      record.flush(LAST_WORDS_SECONDS);
      deleteObject();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.error("Pod {} has no worker any more", record.pod().getMetadata().getName(), e);
    }
  }

  private void runInSandbox() throws InterruptedException {
    while (!stop.isAsked()) {
      try (var sandbox = Sandbox.start()) {
        var address = host.network().attach(sandbox);
        try {
          runAt(sandbox, address);
          return;
        } finally {
          host.hosts().drop(files.hosts());
          host.network().release(address);
        }
      } catch (IOException e) {
        log.warn("Cannot make a sandbox", e);
        tell(
            "Warning", "FailedCreatePodSandBox", "Failed to create pod sandbox: " + e.getMessage());
        stop.isAskedWithin(host.scaled(RETRY));
      }
    }
  }

  private void runAt(Sandbox sandbox, String address) throws IOException, InterruptedException {
    var pod = record.pod();
    var hostname =
        Optional.ofNullable(pod.getSpec().getHostname()).orElse(pod.getMetadata().getName());
    sandbox.run("hostname", hostname);
    Sysctls.apply(pod, sandbox);
    host.hosts().keep(files.hosts(), pod.getMetadata().getNamespace(), hostname, address);
    files.resolvConf(pod.getMetadata().getNamespace());
    var watchers =
        List.of(Deadline.watch(host, record, stop), Eviction.watch(host, record, files, stop));
    try {
      var objects = new ClusterObjects(host.client());
      var mounted = mount(objects, sandbox, address);
      if (mounted.isPresent()) {
        record.sandboxIsReady(address);
        runContainers(objects, sandbox, mounted.get());
      }
    } finally {
      watchers.forEach(Thread::interrupt);
      volumes = Optional.empty();
    }
  }

  /** Tries until they are there; empty when the pod shall end first. */
  private Optional<Map<String, Path>> mount(ClusterObjects objects, Sandbox sandbox, String address)
      throws InterruptedException {
    var wanted =
        new Volumes(
            objects,
            host.claims(),
            files.volumes(),
            sandbox,
            new VolumeContents(objects, tokens, address, host.network().hostAddress()));
    this.volumes = Optional.of(wanted);
    var pause = Duration.ofMillis(500);
    while (!stop.isAsked()) {
      try {
        return Optional.of(wanted.make(record.pod()));
      } catch (MountFailed e) {
        tell("Warning", "FailedMount", String.valueOf(e.getMessage()));
      } catch (IOException | KubernetesClientException e) {
        tell("Warning", "FailedMount", "MountVolume.SetUp failed: " + e.getMessage());
      }
      stop.isAskedWithin(host.scaled(pause));
      pause =
          pause.multipliedBy(2).compareTo(Duration.ofMinutes(2)) < 0
              ? pause.multipliedBy(2)
              : Duration.ofMinutes(2);
    }
    return Optional.empty();
  }

  private void runContainers(ClusterObjects objects, Sandbox sandbox, Map<String, Path> volumes)
      throws InterruptedException {
    var spec = record.pod().getSpec();
    for (var init : spec.getInitContainers()) {
      if (!runner(objects, sandbox, volumes, init, true).run()) {
        return;
      }
    }
    for (var main : spec.getContainers()) {
      record.container(
          main.getName(),
          state ->
              state.in(
                  ContainerPhase.Waiting.because(
                      spec.getInitContainers().isEmpty()
                          ? "ContainerCreating"
                          : "PodInitializing")));
    }
    var threads = new ArrayList<Thread>();
    for (var main : spec.getContainers()) {
      var runner = runner(objects, sandbox, volumes, main, false);
      threads.add(Interruptible.start("container " + main.getName(), runner::run));
    }
    for (var running : List.copyOf(threads)) {
      running.join();
    }
  }

  private ContainerRunner runner(
      ClusterObjects objects,
      Sandbox sandbox,
      Map<String, Path> volumes,
      Container container,
      boolean init) {
    return new ContainerRunner(
        host, record, objects, files, sandbox, volumes, container, init, stop);
  }

  private void deleteObject() {
    var metadata = record.pod().getMetadata();
    try {
      List<StatusDetails> ignored =
          host.client()
              .pods()
              .inNamespace(metadata.getNamespace())
              .withName(metadata.getName())
              .withGracePeriod(0)
              .withPropagationPolicy(DeletionPropagation.BACKGROUND)
              .delete();
    } catch (KubernetesClientException e) {
      log.warn("Cannot delete pod {}: {}", metadata.getName(), e.getMessage());
    }
  }

  private void tell(String type, String reason, String message) {
    host.events().tell(record.pod(), "", type, reason, message);
  }
}
