package dev.slipway.demo.cluster.node.pod;

import dev.slipway.demo.cluster.node.container.RunningContainer;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Probes one run of a container for as long as it lasts. */
final class Probing {
  private final PodHost host;
  private final PodRecord record;
  private final Container container;
  private final String field;
  private final RunningContainer running;
  private final String address;
  private final Stop runEnded = new Stop();

  Probing(
      PodHost host,
      PodRecord record,
      Container container,
      String field,
      RunningContainer running,
      String address) {
    this.host = host;
    this.record = record;
    this.container = container;
    this.field = field;
    this.running = running;
    this.address = address;
  }

  /** Begins; without probes the container is ready at once. */
  void start() {
    boolean startedAtOnce = container.getStartupProbe() == null;
    show(startedAtOnce && container.getReadinessProbe() == null, startedAtOnce);
    Thread.ofVirtual()
        .name("probe " + container.getName())
        .start(
            () -> {
              try {
                run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  void end() {
    runEnded.ask(Duration.ZERO);
  }

  private void run() throws InterruptedException {
    if (container.getStartupProbe() != null) {
      if (!awaitStartup(container.getStartupProbe())) {
        return;
      }
      show(container.getReadinessProbe() == null, true);
    }
    var liveness = container.getLivenessProbe();
    if (liveness != null) {
      Thread.ofVirtual().name("liveness " + container.getName()).start(() -> watchOver(liveness));
    }
    if (container.getReadinessProbe() != null) {
      repeatReadiness(container.getReadinessProbe());
    }
  }

  private boolean awaitStartup(Probe probe) throws InterruptedException {
    int failures = 0;
    var pause = seconds(probe.getInitialDelaySeconds(), 0);
    while (!runEnded.isAskedWithin(pause)) {
      var failure = check(probe);
      if (failure.isEmpty()) {
        return true;
      }
      unhealthy("Startup", failure.get());
      failures++;
      if (failures >= count(probe.getFailureThreshold(), 3)) {
        killFor("startup");
        return false;
      }
      pause = seconds(probe.getPeriodSeconds(), 10);
    }
    return false;
  }

  private void watchOver(Probe probe) {
    try {
      int failures = 0;
      var pause = seconds(probe.getInitialDelaySeconds(), 0);
      while (!runEnded.isAskedWithin(pause)) {
        var failure = check(probe);
        failures = failure.isEmpty() ? 0 : failures + 1;
        failure.ifPresent(message -> unhealthy("Liveness", message));
        if (failures >= count(probe.getFailureThreshold(), 3)) {
          killFor("liveness");
          return;
        }
        pause = seconds(probe.getPeriodSeconds(), 10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void repeatReadiness(Probe probe) throws InterruptedException {
    int failures = 0;
    int successes = 0;
    boolean ready = false;
    var pause = seconds(probe.getInitialDelaySeconds(), 0);
    while (!runEnded.isAskedWithin(pause)) {
      var failure = check(probe);
      failures = failure.isEmpty() ? 0 : failures + 1;
      successes = failure.isEmpty() ? successes + 1 : 0;
      failure.ifPresent(message -> unhealthy("Readiness", message));
      boolean now =
          ready
              ? failures < count(probe.getFailureThreshold(), 3)
              : successes >= count(probe.getSuccessThreshold(), 1);
      if (now != ready) {
        ready = now;
        show(ready, true);
      }
      // A kubelet probes more eagerly until the first success too.
      pause = seconds(probe.getPeriodSeconds(), 10);
      if (!ready && pause.toSeconds() > 1) {
        pause = Duration.ofSeconds(1);
      }
    }
  }

  private Optional<String> check(Probe probe) throws InterruptedException {
    var failure = new ProbeCheck(container, probe, address, running).failure();
    return runEnded.isAsked() ? Optional.empty() : failure;
  }

  private void show(boolean ready, boolean started) {
    if (!runEnded.isAsked()) {
      record.container(
          container.getName(),
          state ->
              state.phase() instanceof ContainerPhase.Running
                  ? state.probed(ready, started)
                  : state);
    }
  }

  private void unhealthy(String kind, String message) {
    host.events()
        .tell(record.pod(), field, "Warning", "Unhealthy", kind + " probe failed: " + message);
  }

  private void killFor(String probe) throws InterruptedException {
    host.events()
        .tell(
            record.pod(),
            field,
            "Normal",
            "Killing",
            "Container %s failed %s probe, will be restarted"
                .formatted(container.getName(), probe));
    running.kill("TERM");
    var grace =
        Optional.ofNullable(record.pod().getSpec().getTerminationGracePeriodSeconds()).orElse(30L);
    if (!running.hasEndedWithin(Duration.ofSeconds(grace))) {
      running.kill("KILL");
    }
  }

  private static Duration seconds(@Nullable Integer wanted, int otherwise) {
    return Duration.ofSeconds(wanted == null ? otherwise : wanted);
  }

  private static int count(@Nullable Integer wanted, int otherwise) {
    return wanted == null || wanted < 1 ? otherwise : wanted;
  }
}
