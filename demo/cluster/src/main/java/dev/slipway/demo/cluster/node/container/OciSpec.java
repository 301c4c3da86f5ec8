package dev.slipway.demo.cluster.node.container;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of the OCI runtime specification's {@code config.json} that the node uses.
 *
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.0.2/config.md">config.md</a>
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record OciSpec(String ociVersion, OciProcess process, Root root, List<Mount> mounts, Linux linux) {
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record OciProcess(
      boolean terminal,
      User user,
      List<String> args,
      List<String> env,
      String cwd,
      Capabilities capabilities,
      boolean noNewPrivileges) {}

  record User(long uid, long gid, List<Long> additionalGids) {}

  record Capabilities(List<String> bounding, List<String> effective, List<String> permitted) {
    static Capabilities of(List<String> all) {
      return new Capabilities(all, all, all);
    }
  }

  record Root(String path, boolean readonly) {}

  record Mount(String destination, String type, String source, List<String> options) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Linux(
      String cgroupsPath,
      List<Namespace> namespaces,
      Resources resources,
      List<String> maskedPaths,
      List<String> readonlyPaths) {}

  record Namespace(String type) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Resources(List<DeviceRule> devices, @Nullable Memory memory) {}

  record DeviceRule(boolean allow, String access) {}

  record Memory(long limit) {}
}
