package dev.slipway.demo.cluster.node.container;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Everything a container is started from, decided.
 *
 * @param id unique on this machine, a valid file name
 * @param rootfs directory, as seen from the sandbox
 * @param argv program and arguments, at least one
 * @param environment {@code NAME=value}
 * @param capabilities as {@code CAP_CHOWN}
 * @param privileged no limits but its namespaces
 * @param memoryLimit bytes
 * @param cgroup absolute path below each controller
 */
public record ContainerSpec(
    String id,
    Path rootfs,
    List<String> argv,
    List<String> environment,
    String workingDirectory,
    long uid,
    long gid,
    List<Long> groups,
    Set<String> capabilities,
    boolean noNewPrivileges,
    boolean readOnlyRoot,
    boolean privileged,
    NetworkNamespace network,
    List<Bind> binds,
    OptionalLong memoryLimit,
    String cgroup) {
  public ContainerSpec {
    argv = List.copyOf(argv);
    environment = List.copyOf(environment);
    groups = List.copyOf(groups);
    capabilities = Set.copyOf(capabilities);
    binds = List.copyOf(binds);
  }
}
