package dev.slipway.demo.cluster.node.pod;

import dev.slipway.demo.cluster.image.ImageConfig;
import dev.slipway.demo.cluster.image.SystemImage;
import dev.slipway.demo.cluster.node.container.Bind;
import dev.slipway.demo.cluster.node.container.NetworkNamespace;
import dev.slipway.demo.cluster.node.container.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** An image made ready to run: what it says, and how its file system is put together. */
sealed interface Rootfs {
  ImageConfig config();

  default boolean privileged() {
    return false;
  }

  default NetworkNamespace network() {
    return NetworkNamespace.POD;
  }

  /** Directories that names of users are looked up in, the uppermost first. */
  default List<Path> layers() {
    return List.of();
  }

  /** Further parts of the file system. */
  default List<Bind> binds() {
    return List.of();
  }

  /**
   * Puts the file system together.
   *
   * @param directory an existing one of this run's own
   * @return its root, as seen from the sandbox
   */
  Path assemble(Sandbox sandbox, Path directory) throws IOException, InterruptedException;

  /** Layers of a pulled image below one that takes the changes. */
  record OfLayers(ImageConfig config, List<Path> layers) implements Rootfs {
    @Override
    public Path assemble(Sandbox sandbox, Path directory) throws IOException, InterruptedException {
      var root = Files.createDirectories(directory.resolve("rootfs"));
      var lower = layers.stream().map(Path::toString).collect(Collectors.joining(":"));
      sandbox.run(
          "mount",
          "-t",
          "overlay",
          "-o",
          "lowerdir=%s,upperdir=%s,workdir=%s"
              .formatted(
                  lower,
                  Files.createDirectories(directory.resolve("upper")),
                  Files.createDirectories(directory.resolve("work"))),
          "overlay",
          root.toString());
      return root;
    }
  }

  /** The host's own programs and libraries, read-only. */
  record OfHost(ImageConfig config, boolean privileged, NetworkNamespace network, List<Bind> binds)
      implements Rootfs {
    private static final List<String> SHARED =
        List.of(
            """
            /usr /bin /sbin /lib /lib32 /lib64 /etc/alternatives /etc/ca-certificates
            /etc/containers /etc/localtime /etc/nsswitch.conf /etc/ssl
            """
                .strip()
                .split("\\s+", -1));

    static OfHost of(SystemImage image) {
      var binds = new ArrayList<Bind>();
      SHARED.stream()
          .map(Path::of)
          .filter(path -> Files.exists(path) && !Files.isSymbolicLink(path))
          .map(path -> new Bind(path, path.toString(), true))
          .forEach(binds::add);
      binds.addAll(image.binds());
      return new OfHost(image.config(), image.privileged(), image.network(), List.copyOf(binds));
    }

    @Override
    public Path assemble(Sandbox sandbox, Path directory) throws IOException {
      var root = Files.createDirectories(directory.resolve("rootfs"));
      for (var name : List.of("etc", "root", "run", "tmp", "var/tmp")) {
        Files.createDirectories(root.resolve(name));
      }
      for (var name : List.of("tmp", "var/tmp")) {
        Files.setPosixFilePermissions(
            root.resolve(name), PosixFilePermissions.fromString("rwxrwxrwx"));
      }
      Files.writeString(
          root.resolve("etc/passwd"),
          """
          root:x:0:0:root:/root:/bin/sh
          nonroot:x:65532:65532:nonroot:/tmp:/usr/sbin/nologin
          """);
      Files.writeString(root.resolve("etc/group"), "root:x:0:\nnonroot:x:65532:\n");
      for (var shared : SHARED) {
        var path = Path.of(shared);
        if (Files.isSymbolicLink(path)) {
          Files.createSymbolicLink(root.resolve(shared.substring(1)), Files.readSymbolicLink(path));
        }
      }
      return root;
    }
  }
}
