package dev.slipway.demo.cluster.node.pod;

import dev.slipway.demo.cluster.node.container.Bind;
import dev.slipway.demo.cluster.node.container.ContainerLog;
import dev.slipway.demo.cluster.node.container.NetworkNamespace;
import dev.slipway.demo.cluster.node.container.Sandbox;
import dev.slipway.demo.cluster.process.Command;
import dev.slipway.demo.cluster.process.CommandFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory of one pod on the node, with the logs of its containers' last two runs. */
final class PodFiles {
  private static final Logger log = LoggerFactory.getLogger(PodFiles.class);

  private final Path directory;
  private final String cgroup;
  private final Map<String, Deque<ContainerLog>> logs = new ConcurrentHashMap<>();

  PodFiles(Path directory, String cgroup) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.cgroup = cgroup;
    Files.createDirectories(states());
  }

  /** Where runc keeps what it knows. */
  Path states() {
    return directory.resolve("runc");
  }

  Path volumes() {
    return directory.resolve("volumes");
  }

  Path hosts() {
    return directory.resolve("hosts");
  }

  /** Absolute path of the pod's control group. */
  String cgroup() {
    return cgroup;
  }

  /** All that is of a container's runs: what they have written, and their logs. */
  Path runs(String container) {
    return directory.resolve("containers").resolve(container);
  }

  Path newRun(String container, int attempt) throws IOException {
    return Files.createDirectories(runs(container).resolve(Integer.toString(attempt)));
  }

  void resolvConf(String namespace) throws IOException {
    Files.writeString(
        directory.resolve("resolv.conf"),
        "search %1$s.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n"
            .formatted(namespace));
  }

  /** Names for the container, where the pod itself has put nothing. */
  List<Bind> networkBinds(NetworkNamespace network, List<Bind> taken) {
    var binds = new ArrayList<Bind>();
    binds.add(new Bind(hosts(), "/etc/hosts", false));
    var resolver =
        network == NetworkNamespace.HOST
            ? Path.of("/etc/resolv.conf")
            : directory.resolve("resolv.conf");
    if (Files.exists(resolver)) {
      binds.add(new Bind(resolver, "/etc/resolv.conf", false));
    }
    binds.removeIf(
        bind -> taken.stream().anyMatch(own -> own.destination().equals(bind.destination())));
    return binds;
  }

  void keepLog(String container, ContainerLog output) {
    var kept = logs.computeIfAbsent(container, name -> new ArrayDeque<>());
    synchronized (kept) {
      kept.addLast(output);
      if (kept.size() > 2) {
        kept.removeFirst();
      }
    }
  }

  /** The log of the last run or the one before. */
  Optional<ContainerLog> log(String container, boolean previous) {
    var kept = logs.get(container);
    if (kept == null) {
      return Optional.empty();
    }
    synchronized (kept) {
      if (previous) {
        return kept.size() < 2 ? Optional.empty() : Optional.of(kept.getFirst());
      }
      return Optional.of(kept.getLast());
    }
  }

  /** A run is over: all of it but its log goes. */
  void clean(Sandbox sandbox, Path run, Path root, boolean mounted) throws InterruptedException {
    try {
      if (mounted) {
        sandbox.run("umount", "-l", root.toString());
      }
    } catch (CommandFailed e) {
      log.debug("The sandbox is gone, and its mounts with it", e);
    }
    for (var name :
        List.of("rootfs", "upper", "work", "config.json", "pid", "runc.log", "termination-log")) {
      delete(run.resolve(name));
    }
  }

  /** The pod has ended: all of it but its logs goes. */
  void cleanAll() throws InterruptedException {
    delete(volumes());
    delete(states());
  }

  void deleteAll() throws InterruptedException {
    delete(directory);
  }

  static void delete(Path path) throws InterruptedException {
    try {
      Command.of("rm", "-rf", "--one-file-system", path.toString()).runOrFail();
    } catch (CommandFailed e) {
      log.warn("Cannot delete {}", path, e);
    }
  }
}
