package dev.slipway.demo.cluster.node.pod;

import dev.slipway.demo.cluster.api.fault.Shake;
import dev.slipway.demo.cluster.node.container.Bind;
import dev.slipway.demo.cluster.node.container.ContainerLog;
import dev.slipway.demo.cluster.node.container.NetworkNamespace;
import dev.slipway.demo.cluster.node.container.RunningContainer;
import dev.slipway.demo.cluster.node.container.RunningContainer.StartFailed;
import dev.slipway.demo.cluster.node.container.Sandbox;
import dev.slipway.demo.cluster.process.Interruptible;
import io.fabric8.kubernetes.api.model.Container;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one container of a pod, again and again if its pod wants that. */
final class ContainerRunner {
  private static final Logger log = LoggerFactory.getLogger(ContainerRunner.class);
  private static final Duration RETRY = Duration.ofSeconds(10);

  private final PodHost host;
  private final PodRecord record;
  private final ClusterObjects objects;
  private final PodFiles files;
  private final Sandbox sandbox;
  private final Map<String, Path> volumes;
  private final Container container;
  private final String field;
  private final boolean init;
  private final Stop stop;
  private final BackOff backOff = new BackOff();
  private int attempt;

  ContainerRunner(
      PodHost host,
      PodRecord record,
      ClusterObjects objects,
      PodFiles files,
      Sandbox sandbox,
      Map<String, Path> volumes,
      Container container,
      boolean init,
      Stop stop) {
    this.host = host;
    this.record = record;
    this.objects = objects;
    this.files = files;
    this.sandbox = sandbox;
    this.volumes = volumes;
    this.container = container;
    this.init = init;
    this.stop = stop;
    this.field =
        "spec." + (init ? "initContainers" : "containers") + "{" + container.getName() + "}";
  }

  /** Runs it until it has ended for good; true when it has succeeded. */
  boolean run() throws InterruptedException {
    while (true) {
      var image = new ImageSource(host, objects, record, container, field, stop).get();
      if (image.isEmpty()) {
        return false;
      }
      var end = runOnce(image.get());
      if (end.isEmpty()) {
        return false;
      }
      boolean good = end.get().succeeded();
      if (stop.isAsked() || !isRestarted(good)) {
        return good;
      }
      awaitRestart();
      if (stop.isAsked()) {
        return false;
      }
    }
  }

  private boolean isRestarted(boolean good) {
    return switch (record.pod().getSpec().getRestartPolicy()) {
      case "Never" -> false;
      case "OnFailure" -> !good;
      default -> !(init && good);
    };
  }

  /** The first time at once, then after a delay that doubles. */
  private void awaitRestart() throws InterruptedException {
    if (attempt == 1) {
      return;
    }
    var delay = backOff.next();
    var pod = record.pod().getMetadata();
    var name = "%s_%s(%s)".formatted(pod.getName(), pod.getNamespace(), pod.getUid());
    if (stop.isAskedWithin(host.scaled(Duration.ofSeconds(1)))) {
      return;
    }
    tell(
        "Warning",
        "BackOff",
        "Back-off restarting failed container %s in pod %s".formatted(container.getName(), name));
    record.container(
        container.getName(),
        state ->
            state.in(
                ContainerPhase.Waiting.because(
                    "CrashLoopBackOff",
                    "back-off %s restarting failed container=%s pod=%s"
                        .formatted(BackOff.text(delay), container.getName(), name))));
    stop.isAskedWithin(host.scaled(delay));
  }

  /** One run; empty when the pod shall end before it begins. */
  private Optional<ContainerPhase.Terminated> runOnce(Rootfs image) throws InterruptedException {
    while (!stop.isAsked()) {
      try {
        return Optional.of(start(image));
      } catch (ConfigError e) {
        tell("Warning", "Failed", "Error: " + e.getMessage());
        waiting("CreateContainerConfigError", String.valueOf(e.getMessage()));
      } catch (IOException e) {
        log.warn(
            "Cannot make container {} of {}",
            container.getName(),
            record.pod().getMetadata().getName(),
            e);
        tell("Warning", "Failed", "Error: " + e.getMessage());
        waiting("CreateContainerError", String.valueOf(e.getMessage()));
      }
      stop.isAskedWithin(host.scaled(RETRY));
    }
    return Optional.empty();
  }

  private void waiting(String reason, String message) {
    record.container(
        container.getName(), state -> state.in(ContainerPhase.Waiting.because(reason, message)));
  }

  private ContainerPhase.Terminated start(Rootfs image)
      throws ConfigError, IOException, InterruptedException {
    var id = (UUID.randomUUID().toString() + UUID.randomUUID()).replace("-", "");
    var pod = record.pod();
    var variables =
        new Environment(objects, pod, container, record.address(), host.network().hostAddress())
            .variables(image.config().environment(), host.variables());
    var directory = files.newRun(container.getName(), attempt);
    var message = Files.createFile(directory.resolve("termination-log"));
    Files.setAttribute(message, "unix:mode", 0100666);
    var root = image.assemble(sandbox, directory);
    try {
      var binds = new ArrayList<>(Volumes.binds(container, volumes));
      binds.add(new Bind(message, terminationMessagePath(), false));
      binds.addAll(files.networkBinds(image.network(), binds));
      var spec =
          SpecWriter.write(
              pod, container, image, variables, id, root, binds, files.cgroup() + "/" + id);
      tell("Normal", "Created", "Created container: " + container.getName());
      stop.isAskedWithin(Delays.start(objects, pod).plusMillis(Shake.upTo(500)));
      var output = new ContainerLog(directory.resolve("log"), host.clock());
      attempt++;
      files.keepLog(container.getName(), output);
      return run(
          spec.id(),
          RunningContainer.start(sandbox, spec, directory, files.states(), output),
          output,
          message,
          image);
    } catch (StartFailed e) {
      return startFailed(id, String.valueOf(e.getMessage()));
    } finally {
      files.clean(sandbox, directory, root, image instanceof Rootfs.OfLayers);
    }
  }

  private String terminationMessagePath() {
    return Optional.ofNullable(container.getTerminationMessagePath())
        .orElse("/dev/termination-log");
  }

  private ContainerPhase.Terminated startFailed(String id, String why) {
    var message =
        "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: %s: unknown"
            .formatted(why);
    tell("Warning", "Failed", "Error: " + message);
    var end =
        new ContainerPhase.Terminated(
            128, "StartError", Optional.of(message), Instant.EPOCH, host.clock().instant(), id);
    record.container(
        container.getName(),
        state -> state.running(id, new ContainerPhase.Running(end.finishedAt())).in(end));
    return end;
  }

  private ContainerPhase.Terminated run(
      String id, RunningContainer running, ContainerLog output, Path message, Rootfs image)
      throws IOException, InterruptedException {
    var startedAt = host.clock().instant();
    tell("Normal", "Started", "Started container " + container.getName());
    record.container(
        container.getName(), state -> state.running(id, new ContainerPhase.Running(startedAt)));
    var address = image.network() == NetworkNamespace.HOST ? "127.0.0.1" : record.address();
    var probing = new Probing(host, record, container, field, running, address);
    if (init) {
      record.container(container.getName(), state -> state.probed(false, true));
    } else {
      probing.start();
    }
    var stopper = Interruptible.start("stop " + container.getName(), () -> stopWhenAsked(running));
    var exit = running.await();
    probing.end();
    stopper.interrupt();
    output.awaitEnd();
    var finishedAt = host.clock().instant();
    boolean good = exit.code() == 0;
    var reason = exit.outOfMemory() ? "OOMKilled" : good ? "Completed" : "Error";
    var end =
        new ContainerPhase.Terminated(
            exit.code(),
            reason,
            TerminationMessage.read(container, message, output, good),
            startedAt,
            finishedAt,
            id);
    record.container(container.getName(), state -> state.in(end).probed(init && good, false));
    return end;
  }

  private void stopWhenAsked(RunningContainer running) throws InterruptedException {
    stop.await();
    tell("Normal", "Killing", "Stopping container " + container.getName());
    running.kill("TERM");
    var asked = System.nanoTime();
    while (!running.hasEndedWithin(Duration.ofMillis(100))) {
      if (System.nanoTime() - asked > stop.grace().toNanos()) {
        running.kill("KILL");
        return;
      }
    }
  }

  private void tell(String type, String reason, String message) {
    host.events().tell(record.pod(), field, type, reason, message);
  }
}
