package dev.slipway.demo.cluster.node.pod;

import dev.slipway.demo.cluster.node.container.RunningContainer;
import dev.slipway.demo.cluster.process.Interruptible;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.util.Locale;
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
    Interruptible.start("probe " + container.getName(), this::run);
  }

  void end() {
    runEnded.ask(Duration.ZERO);
  }

  private void run() throws InterruptedException {
    var startup = container.getStartupProbe();
    if (startup != null) {
      if (!insist("Startup", startup, true)) {
        return;
      }
      show(container.getReadinessProbe() == null, true);
    }
    var liveness = container.getLivenessProbe();
    if (liveness != null) {
      Interruptible.start(
          "liveness " + container.getName(), () -> insist("Liveness", liveness, false));
    }
    if (container.getReadinessProbe() != null) {
      repeatReadiness(container.getReadinessProbe());
    }
  }

  /** True as soon as it succeeds, where once is enough; false when it has failed too often. */
  private boolean insist(String kind, Probe probe, boolean once) throws InterruptedException {
    int failures = 0;
    var pause = seconds(probe.getInitialDelaySeconds(), 0);
    while (!runEnded.isAskedWithin(pause)) {
      boolean good = check(kind, probe).isEmpty();
      if (good && once) {
        return true;
      }
      failures = good ? 0 : failures + 1;
      if (failures >= count(probe.getFailureThreshold(), 3)) {
        killFor(kind.toLowerCase(Locale.ROOT));
        return false;
      }
      pause = seconds(probe.getPeriodSeconds(), 10);
    }
    return false;
  }

  private void repeatReadiness(Probe probe) throws InterruptedException {
    int failures = 0;
    int successes = 0;
    boolean ready = false;
    var pause = seconds(probe.getInitialDelaySeconds(), 0);
    while (!runEnded.isAskedWithin(pause)) {
      boolean good = check("Readiness", probe).isEmpty();
      failures = good ? 0 : failures + 1;
      successes = good ? successes + 1 : 0;
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

  /** Says so when it fails, unless the run has ended meanwhile. */
  private Optional<String> check(String kind, Probe probe) throws InterruptedException {
    var failure =
        new ProbeCheck(container, probe, address, running)
            .failure()
            .filter(_ -> !runEnded.isAsked());
    failure.ifPresent(why -> tell("Warning", "Unhealthy", kind + " probe failed: " + why));
    return failure;
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

  private void killFor(String probe) throws InterruptedException {
    tell(
        "Normal",
        "Killing",
        "Container %s failed %s probe, will be restarted".formatted(container.getName(), probe));
    running.kill("TERM");
    var grace =
        Optional.ofNullable(record.pod().getSpec().getTerminationGracePeriodSeconds()).orElse(30L);
    if (!running.hasEndedWithin(Duration.ofSeconds(grace))) {
      running.kill("KILL");
    }
  }

  private void tell(String type, String reason, String message) {
    host.events().tell(record.pod(), field, type, reason, message);
  }

  private static Duration seconds(@Nullable Integer wanted, int otherwise) {
    return Duration.ofSeconds(wanted == null ? otherwise : wanted);
  }

  private static int count(@Nullable Integer wanted, int otherwise) {
    return wanted == null || wanted < 1 ? otherwise : wanted;
  }
}
