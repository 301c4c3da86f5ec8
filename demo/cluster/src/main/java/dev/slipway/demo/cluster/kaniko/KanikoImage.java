package dev.slipway.demo.cluster.kaniko;

import dev.slipway.demo.cluster.image.SystemImage;
import dev.slipway.demo.cluster.node.container.Bind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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
    var binds = new ArrayList<Bind>();
    binds.add(new Bind(store, STORE_INSIDE, false));
    binds.addAll(controlGroups());
    return SystemImage.java(
            ".*kaniko.*",
            KanikoMain.class.getName(),
            SystemImage.ownClassPath(),
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"))
        .privilegedOnHost(binds, Map.of(KanikoMain.STORE, STORE_INSIDE));
  }

  /**
   * Read-only: runc looks at them, and makes none for a step that it could not write. Version 1 has
   * a mount for each controller, which being below a read-only one does not make read-only.
   */
  private static List<Bind> controlGroups() throws IOException {
    var binds = new ArrayList<Bind>();
    binds.add(new Bind(CGROUPS, CGROUPS.toString(), true));
    if (Files.notExists(CGROUPS.resolve("cgroup.controllers"))) {
      try (Stream<Path> controllers = Files.list(CGROUPS)) {
        controllers
            .filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
            .forEach(path -> binds.add(new Bind(path, path.toString(), true)));
      }
    }
    return List.copyOf(binds);
  }
}
