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
          """
          CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP
          LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER
          SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE
          SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP
          MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF
          CHECKPOINT_RESTORE
          """
              .strip()
              .split("\\s+", -1));

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
        names.add("CAP_" + NAMES.get(number));
      }
    }
    return names;
  }
}
