package dev.slipway.demo.cluster.node.pod;

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
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds what is known of a pod and keeps the status in the API in step with it. */
final class PodRecord {
  private static final Logger log = LoggerFactory.getLogger(PodRecord.class);

  private final PodHost host;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
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
    Thread.ofVirtual().name("status " + pod.getMetadata().getName()).start(this::write);
  }

  private static ContainerState waiting(String image, boolean initFirst) {
    return ContainerState.waiting(image, initFirst ? "PodInitializing" : "ContainerCreating");
  }

  /** The pod as last seen. */
  Pod pod() {
    lock.lock();
    try {
      return pod;
    } finally {
      lock.unlock();
    }
  }

  void see(Pod newer) {
    change(() -> pod = newer);
  }

  ContainerState container(String name) {
    lock.lock();
    try {
      return Objects.requireNonNull(containers.get(name), name);
    } finally {
      lock.unlock();
    }
  }

  void container(String name, UnaryOperator<ContainerState> step) {
    change(() -> containers.computeIfPresent(name, (key, state) -> step.apply(state)));
  }

  String address() {
    lock.lock();
    try {
      return address.orElse("");
    } finally {
      lock.unlock();
    }
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
  boolean fail(String reason, String message) {
    lock.lock();
    try {
      if (failure.isPresent() || ended) {
        return false;
      }
      failure = Optional.of(new PodFacts.Failure(reason, message));
      return true;
    } finally {
      lock.unlock();
    }
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
  boolean awaitDeletion() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!gone && pod.getMetadata().getDeletionTimestamp() == null) {
        changed.await();
      }
      return gone;
    } finally {
      lock.unlock();
    }
  }

  private void change(Runnable step) {
    lock.lock();
    try {
      step.run();
      dirty = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the API knows all, at most so many seconds. */
  void flush(long seconds) throws InterruptedException {
    long left = TimeUnit.SECONDS.toNanos(seconds);
    lock.lockInterruptibly();
    try {
      while ((dirty || writing) && !gone && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void write() {
    try {
      while (true) {
        var next = next();
        if (next.isEmpty()) {
          return;
        }
        boolean good = written(next.get());
        lock.lockInterruptibly();
        try {
          writing = false;
          if (good) {
            written = next.get();
          } else {
            dirty = true;
            var ignored = changed.awaitNanos(TimeUnit.MILLISECONDS.toNanos(500));
          }
          changed.signalAll();
        } finally {
          lock.unlock();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The next status to write; empty when there will be none any more. */
  private Optional<PodStatus> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        while (!dirty && !gone) {
          changed.await();
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
        changed.signalAll();
      }
    } finally {
      lock.unlock();
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
        // The pod was deleted or replaced by another of its name: its informer event follows.
        log.debug("Status of {} is not taken: {}", metadata.getName(), e.getMessage());
        return true;
      }
      log.warn("Cannot write the status of pod {}: {}", metadata.getName(), e.getMessage());
      return false;
    }
  }
}
