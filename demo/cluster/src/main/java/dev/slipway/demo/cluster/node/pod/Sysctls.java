package dev.slipway.demo.cluster.node.pod;

import dev.slipway.demo.cluster.node.container.Sandbox;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.util.Set;

/** Settings of the kernel that a pod has for itself, those that a kubelet allows everybody. */
final class Sysctls {
  private static final Set<String> SAFE =
      Set.of(
          "net.ipv4.ip_local_port_range",
          "net.ipv4.ip_unprivileged_port_start",
          "net.ipv4.ping_group_range",
          "net.ipv4.tcp_syncookies");

  private Sysctls() {}

  static void apply(Pod pod, Sandbox sandbox) throws IOException, InterruptedException {
    var context = pod.getSpec().getSecurityContext();
    if (context == null) {
      return;
    }
    for (var sysctl : context.getSysctls()) {
      if (!SAFE.contains(sysctl.getName())) {
        throw new IOException("forbidden sysctl: " + sysctl.getName());
      }
      sandbox.runReading(
          sysctl.getValue(), "tee", "/proc/sys/" + sysctl.getName().replace('.', '/'));
    }
  }
}
