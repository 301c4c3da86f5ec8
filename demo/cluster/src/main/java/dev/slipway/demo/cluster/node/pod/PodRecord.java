package dev.slipway.demo.cluster.node.pod;

import dev.slipway.demo.cluster.process.Interruptible;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds what is known of a pod and keeps the status in the API in step with it. */
final class PodRecord {
  private static final Logger log = LoggerFactory.getLogger(PodRecord.class);

  private final PodHost host;
  private final Map<String, ContainerState> containers = new HashMap<>();
  private final Instant startTime;
  private Pod pod;
  private PodStatus written;
  private Optional<String> address = Optional.empty();
  private Optional<PodFacts.Failure> failure = Optional.empty();
  private boolean sandboxReady;
  private boolean ended;
  private boolean dirty = true;
  private boolean writing;
  private boolean gone;

  PodRecord(PodHost host, Pod pod) {
    this.host = host;
    this.pod = pod;
    this.startTime = host.clock().instant();
    this.written = pod.getStatus();
    boolean initFirst = !pod.getSpec().getInitContainers().isEmpty();
    pod.getSpec()
        .getInitContainers()
        .forEach(init -> containers.put(init.getName(), waiting(init.getImage(), true)));
    pod.getSpec()
        .getContainers()
        .forEach(main -> containers.put(main.getName(), waiting(main.getImage(), initFirst)));
    Interruptible.start("status " + pod.getMetadata().getName(), this::write);
  }

  private static ContainerState waiting(String image, boolean initFirst) {
    return ContainerState.waiting(image, initFirst ? "PodInitializing" : "ContainerCreating");
  }

  /** The pod as last seen. */
  synchronized Pod pod() {
    return pod;
  }

  void see(Pod newer) {
    change(() -> pod = newer);
  }

  synchronized ContainerState container(String name) {
    return Objects.requireNonNull(containers.get(name), name);
  }

  void container(String name, UnaryOperator<ContainerState> step) {
    change(() -> containers.computeIfPresent(name, (key, state) -> step.apply(state)));
  }

  synchronized String address() {
    return address.orElse("");
  }

  Instant startTime() {
    return startTime;
  }

  void sandboxIsReady(String ip) {
    change(
        () -> {
          address = Optional.of(ip);
          sandboxReady = true;
        });
  }

  /** Gives the pod up; the first reason counts. */
  synchronized boolean fail(String reason, String message) {
    if (failure.isPresent() || ended) {
      return false;
    }
    failure = Optional.of(new PodFacts.Failure(reason, message));
    return true;
  }

  /** All is stopped: from now on the phase is final. */
  void end() {
    change(
        () -> {
          ended = true;
          sandboxReady = false;
        });
  }

  /** The object is gone: nothing is written any more. */
  void forget() {
    change(() -> gone = true);
  }

  /** Waits until the pod is asked to go; true when its object is gone already. */
  synchronized boolean awaitDeletion() throws InterruptedException {
    while (!gone && pod.getMetadata().getDeletionTimestamp() == null) {
      wait();
    }
    return gone;
  }

  private synchronized void change(Runnable step) {
    step.run();
    dirty = true;
    notifyAll();
  }

  /** Waits until the API knows all, at most so many seconds. */
  synchronized void flush(long seconds) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while ((dirty || writing) && !gone && System.nanoTime() < end) {
      TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
    }
  }

  private void write() throws InterruptedException {
    for (var next = next(); next.isPresent(); next = next()) {
      boolean good = written(next.get());
      synchronized (this) {
        writing = false;
        if (good) {
          written = next.get();
        } else {
          dirty = true;
          TimeUnit.MILLISECONDS.timedWait(this, 500);
        }
        notifyAll();
      }
    }
  }

  /** The next status to write; empty when there will be none any more. */
  private synchronized Optional<PodStatus> next() throws InterruptedException {
    while (true) {
      while (!dirty && !gone) {
        wait();
      }
      if (gone) {
        return Optional.empty();
      }
      dirty = false;
      var facts =
          new PodFacts(
              containers,
              startTime,
              host.network().hostAddress(),
              address,
              sandboxReady,
              failure,
              ended);
      var status = PodStatuses.status(pod, facts, written, host.clock().instant());
      if (!status.equals(written)) {
        writing = true;
        return Optional.of(status);
      }
      notifyAll();
    }
  }

  private boolean written(PodStatus status) {
    var metadata = pod().getMetadata();
    var patch =
        "{\"metadata\":{\"uid\":\"%s\"},\"status\":%s}"
            .formatted(
                metadata.getUid(), host.client().getKubernetesSerialization().asJson(status));
    try {
      host.client()
          .pods()
          .inNamespace(metadata.getNamespace())
          .withName(metadata.getName())
          .subresource("status")
          .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == 404 || e.getCode() == 409 || e.getCode() == 422) {
        // Nearly always the pod was deleted or replaced by another of its name, and its event
        // follows.
        log.debug("Status of {} is not taken: {}", metadata.getName(), e.getMessage());
        return true;
      }
      log.warn("Cannot write the status of pod {}: {}", metadata.getName(), e.getMessage());
      return false;
    }
  }
}
