package dev.slipway.demo.cluster.node.container;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.demo.cluster.node.container.OciSpec.Capabilities;
import dev.slipway.demo.cluster.node.container.OciSpec.DeviceRule;
import dev.slipway.demo.cluster.node.container.OciSpec.Linux;
import dev.slipway.demo.cluster.node.container.OciSpec.Memory;
import dev.slipway.demo.cluster.node.container.OciSpec.Mount;
import dev.slipway.demo.cluster.node.container.OciSpec.Namespace;
import dev.slipway.demo.cluster.node.container.OciSpec.OciProcess;
import dev.slipway.demo.cluster.node.container.OciSpec.Resources;
import dev.slipway.demo.cluster.node.container.OciSpec.Root;
import dev.slipway.demo.cluster.node.container.OciSpec.User;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Turns a container's specification into the {@code config.json} that runc reads. */
final class RuntimeConfig {
  private static final ObjectMapper JSON = new ObjectMapper();

  // What containerd hides from unprivileged containers.
  private static final List<String> MASKED =
      List.of(
          "/proc/acpi",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware");
  private static final List<String> READ_ONLY =
      List.of(
          "/proc/asound", "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private RuntimeConfig() {}

  static String json(ContainerSpec spec) {
    try {
      return JSON.writeValueAsString(of(spec));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Records of strings always have a JSON form", e);
    }
  }

  static OciSpec of(ContainerSpec spec) {
    var process =
        new OciProcess(
            false,
            new User(spec.uid(), spec.gid(), spec.groups()),
            spec.argv(),
            spec.environment(),
            spec.workingDirectory(),
            Capabilities.of(spec.capabilities().stream().sorted().toList()),
            spec.noNewPrivileges());
    return new OciSpec(
        "1.0.2",
        process,
        new Root(spec.rootfs().toString(), spec.readOnlyRoot()),
        mounts(spec),
        linux(spec));
  }

  /** Parents before children, as a mount hides what was mounted below it before. */
  private static List<Mount> mounts(ContainerSpec spec) {
    var mounts = new ArrayList<Mount>();
    mounts.add(new Mount("/proc", "proc", "proc", List.of("nosuid", "noexec", "nodev")));
    mounts.add(
        new Mount(
            "/dev", "tmpfs", "tmpfs", List.of("nosuid", "strictatime", "mode=755", "size=65536k")));
    mounts.add(
        new Mount(
            "/dev/pts",
            "devpts",
            "devpts",
            List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5")));
    mounts.add(
        new Mount(
            "/dev/shm",
            "tmpfs",
            "shm",
            List.of("nosuid", "noexec", "nodev", "mode=1777", "size=65536k")));
    mounts.add(
        new Mount(
            "/sys",
            "sysfs",
            "sysfs",
            List.of("nosuid", "noexec", "nodev", spec.privileged() ? "rw" : "ro")));
    spec.binds().stream()
        .sorted(Comparator.comparingInt(bind -> bind.destination().split("/", -1).length))
        .map(
            bind ->
                new Mount(
                    bind.destination(),
                    "bind",
                    bind.source().toString(),
                    List.of("rbind", "rprivate", bind.readOnly() ? "ro" : "rw")))
        .forEach(mounts::add);
    return List.copyOf(mounts);
  }

  private static Linux linux(ContainerSpec spec) {
    var memory = spec.memoryLimit().isPresent() ? new Memory(spec.memoryLimit().getAsLong()) : null;
    return new Linux(
        spec.cgroup(),
        // The others are the sandbox's, which runc is started in. A PID namespace of its own makes
        // the container's program process 1, as in every cluster: such a one ignores SIGTERM
        // unless it handles it.
        List.of(new Namespace("mount"), new Namespace("pid")),
        new Resources(List.of(new DeviceRule(spec.privileged(), "rwm")), memory),
        spec.privileged() ? List.of() : MASKED,
        spec.privileged() ? List.of() : READ_ONLY);
  }
}
