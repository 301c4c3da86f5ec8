package dev.slipway.demo.cluster.kaniko;

import dev.slipway.demo.cluster.image.SystemImage;
import dev.slipway.demo.cluster.node.container.Bind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The stand-in for Kaniko as an image that pods can name. */
public final class KanikoImage {
  private static final String STORE_INSIDE = "/var/cache/slipway-builder";

  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  private KanikoImage() {}

  /**
   * Every image whose name has {@code kaniko} in it.
   *
   * @param store directory of the builds' common storage, made when it is not there
   */
  public static SystemImage at(Path store) throws IOException {
    Files.createDirectories(store);
    return SystemImage.java(
            ".*kaniko.*",
            KanikoMain.class.getName(),
            SystemImage.ownClassPath(),
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"))
        .privilegedOnHost(
            List.of(
                new Bind(store, STORE_INSIDE, false),
                // runc looks at the control groups, and does without new ones.
                new Bind(CGROUPS, CGROUPS.toString(), true)),
            Map.of(KanikoMain.STORE, STORE_INSIDE));
  }
}
