package dev.slipway.demo.cluster.node.container;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks and cleans the kernel's control groups, of version 1 or 2. */
public final class Cgroups {
  private static final Logger log = LoggerFactory.getLogger(Cgroups.class);
  private static final Path MOUNT = Path.of("/sys/fs/cgroup");

  private Cgroups() {}

  /** Whether a process of the group has been killed because its memory was used up. */
  static boolean killedForMemory(String cgroup) {
    return counts(MOUNT.resolve("memory" + cgroup + "/memory.oom_control"))
        || counts(MOUNT.resolve(cgroup.substring(1)).resolve("memory.events"));
  }

  private static boolean counts(Path file) {
    try {
      return Files.exists(file)
          && Files.readAllLines(file).stream()
              .anyMatch(line -> line.startsWith("oom_kill ") && !line.equals("oom_kill 0"));
    } catch (IOException e) {
      // The group went away between the two calls: then nobody is left to have been killed.
      return false;
    }
  }

  /** Kills every process of the group and of those below it. */
  public static void kill(String cgroup) {
    hierarchies().forEach(hierarchy -> killTree(hierarchy.resolve(cgroup.substring(1)).toFile()));
  }

  private static void killTree(File group) {
    var below = group.listFiles(File::isDirectory);
    if (below != null) {
      Stream.of(below).forEach(Cgroups::killTree);
      killListed(group.toPath().resolve("cgroup.procs"));
    }
  }

  private static void killListed(Path processes) {
    try {
      for (var pid : Files.readAllLines(processes)) {
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
      }
    } catch (IOException e) {
      log.debug("{} went away", processes, e);
    }
  }

  /** The groups at the top whose names are this prefix and a number: these numbers. */
  public static Set<Integer> numbered(String prefix) {
    var numbers = new TreeSet<Integer>();
    for (var hierarchy : hierarchies()) {
      var names = hierarchy.toFile().list((_, name) -> name.matches(prefix + "\\d{1,3}"));
      for (var name : names == null ? new String[0] : names) {
        numbers.add(Integer.valueOf(name.substring(prefix.length())));
      }
    }
    return numbers;
  }

  /** Removes the group and all below it, in every hierarchy; they hold no process any more. */
  public static void remove(String cgroup) {
    var relative = cgroup.substring(1);
    for (var hierarchy : hierarchies()) {
      var group = hierarchy.resolve(relative);
      if (Files.isDirectory(group)) {
        removeTree(group);
      }
    }
  }

  private static List<Path> hierarchies() {
    var all = new ArrayList<Path>();
    all.add(MOUNT);
    try (var below = Files.list(MOUNT)) {
      below.filter(Files::isDirectory).forEach(all::add);
    } catch (IOException e) {
      log.warn("Cannot look at {}", MOUNT, e);
    }
    return all;
  }

  private static void removeTree(Path group) {
    try (var tree = Files.walk(group)) {
      // A group is a directory that rmdir takes although it shows files.
      tree.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).forEach(Cgroups::rmdir);
    } catch (IOException e) {
      log.debug("Cannot look into {}", group, e);
    }
  }

  private static void rmdir(Path group) {
    try {
      Files.deleteIfExists(group);
    } catch (IOException e) {
      log.debug("Cannot remove {}: {}", group, e.getMessage());
    }
  }
}
