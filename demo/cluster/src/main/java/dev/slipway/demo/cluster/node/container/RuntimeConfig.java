package dev.slipway.demo.cluster.node.container;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Turns a container's specification into the {@code config.json} that runc reads.
 *
 * <p>What all containers have in common is in the resource of that name. Its masked and read-only
 * paths are containerd's. Of the namespaces it makes only two, the others are the sandbox's, which
 * runc is started in: a PID namespace of its own makes the container's program process 1, as in
 * every cluster, and such a one ignores SIGTERM unless it handles it.
 *
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.0.2/config.md">config.md</a>
 */
final class RuntimeConfig {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RuntimeConfig() {}

  static String json(ContainerSpec spec) throws IOException {
    ObjectNode config;
    try (var common = RuntimeConfig.class.getResourceAsStream("config.json")) {
      config = (ObjectNode) JSON.readTree(common);
    }
    config
        .putObject("root")
        .put("path", spec.rootfs().toString())
        .put("readonly", spec.readOnlyRoot());
    config.set("process", process(spec));
    addMounts(spec, config.withArrayProperty("mounts"));
    limit(spec, config.withObjectProperty("linux"));
    return config.toString();
  }

  private static ObjectNode process(ContainerSpec spec) {
    var capabilities = spec.capabilities().stream().sorted().toList();
    return JSON.valueToTree(
        Map.of(
            "user",
            Map.of("uid", spec.uid(), "gid", spec.gid(), "additionalGids", spec.groups()),
            "args",
            spec.argv(),
            "env",
            spec.environment(),
            "cwd",
            spec.workingDirectory(),
            "noNewPrivileges",
            spec.noNewPrivileges(),
            "capabilities",
            Map.of(
                "bounding", capabilities, "effective", capabilities, "permitted", capabilities)));
  }

  private static void addMounts(ContainerSpec spec, ArrayNode mounts) {
    add(mounts, "/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", mode(!spec.privileged()));
    // Parents before children, as a mount hides what was mounted below it before.
    spec.binds().stream()
        .sorted(Comparator.comparingInt(bind -> bind.destination().split("/", -1).length))
        .forEach(
            bind ->
                add(
                    mounts,
                    bind.destination(),
                    "bind",
                    bind.source().toString(),
                    "rbind",
                    "rprivate",
                    mode(bind.readOnly())));
  }

  private static String mode(boolean readOnly) {
    return readOnly ? "ro" : "rw";
  }

  private static void add(
      ArrayNode mounts, String destination, String type, String source, String... options) {
    mounts
        .addObject()
        .put("destination", destination)
        .put("type", type)
        .put("source", source)
        .set("options", JSON.valueToTree(options));
  }

  private static void limit(ContainerSpec spec, ObjectNode linux) {
    linux.put("cgroupsPath", spec.cgroup());
    if (spec.privileged()) {
      linux.remove(List.of("maskedPaths", "readonlyPaths"));
    }
    var resources = linux.putObject("resources");
    resources.putArray("devices").addObject().put("allow", spec.privileged()).put("access", "rwm");
    spec.memoryLimit().ifPresent(bytes -> resources.putObject("memory").put("limit", bytes));
  }
}
