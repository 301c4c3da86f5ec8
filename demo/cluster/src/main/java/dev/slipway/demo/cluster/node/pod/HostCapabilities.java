package dev.slipway.demo.cluster.node.pod;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Knows which capabilities this machine lets a process have at all. */
final class HostCapabilities {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String BOUND = "CapBnd:";

  // In the order of their numbers, see linux/capability.h.
  private static final List<String> NAMES =
      List.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_DAC_READ_SEARCH",
          "CAP_FOWNER",
          "CAP_FSETID",
          "CAP_KILL",
          "CAP_SETGID",
          "CAP_SETUID",
          "CAP_SETPCAP",
          "CAP_LINUX_IMMUTABLE",
          "CAP_NET_BIND_SERVICE",
          "CAP_NET_BROADCAST",
          "CAP_NET_ADMIN",
          "CAP_NET_RAW",
          "CAP_IPC_LOCK",
          "CAP_IPC_OWNER",
          "CAP_SYS_MODULE",
          "CAP_SYS_RAWIO",
          "CAP_SYS_CHROOT",
          "CAP_SYS_PTRACE",
          "CAP_SYS_PACCT",
          "CAP_SYS_ADMIN",
          "CAP_SYS_BOOT",
          "CAP_SYS_NICE",
          "CAP_SYS_RESOURCE",
          "CAP_SYS_TIME",
          "CAP_SYS_TTY_CONFIG",
          "CAP_MKNOD",
          "CAP_LEASE",
          "CAP_AUDIT_WRITE",
          "CAP_AUDIT_CONTROL",
          "CAP_SETFCAP",
          "CAP_MAC_OVERRIDE",
          "CAP_MAC_ADMIN",
          "CAP_SYSLOG",
          "CAP_WAKE_ALARM",
          "CAP_BLOCK_SUSPEND",
          "CAP_AUDIT_READ",
          "CAP_PERFMON",
          "CAP_BPF",
          "CAP_CHECKPOINT_RESTORE");

  private HostCapabilities() {}

  /**
   * All that a privileged container can be given: inside another container that may be fewer than
   * the kernel knows, and runc refuses to give what we lack ourselves.
   */
  static Set<String> all() {
    try {
      return bound(Files.readAllLines(STATUS));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot ask for this process's capabilities", e);
    }
  }

  /** The capabilities in the bounding set of a {@code /proc/<pid>/status}. */
  static Set<String> bound(List<String> status) {
    var mask =
        status.stream()
            .filter(line -> line.startsWith(BOUND))
            .map(line -> Long.parseUnsignedLong(line.substring(BOUND.length()).strip(), 16))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no line " + BOUND));
    var names = new TreeSet<String>();
    for (int number = 0; number < NAMES.size(); number++) {
      if ((mask >>> number & 1) == 1) {
        names.add(NAMES.get(number));
      }
    }
    return names;
  }
}
