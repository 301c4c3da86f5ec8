package dev.slipway.demo.cluster.node.pod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Who a container runs as. */
record ContainerUser(long uid, long gid) {
  /**
   * From an image's {@code USER}: a name or number, optionally with a group after a colon.
   *
   * @param layers where names are looked up, the uppermost first
   */
  static ContainerUser parse(String user, List<Path> layers) throws ConfigError {
    if (user.isEmpty()) {
      return new ContainerUser(0, 0);
    }
    var parts = user.split(":", 2);
    var entry = lookup("etc/passwd", parts[0], layers);
    long uid = number(parts[0], entry, "user");
    long gid =
        parts.length == 2
            ? number(parts[1], lookup("etc/group", parts[1], layers), "group")
            : entry.map(fields -> Long.parseLong(fields[3])).orElse(0L);
    return new ContainerUser(uid, gid);
  }

  private static long number(String name, Optional<String[]> entry, String kind)
      throws ConfigError {
    if (entry.isPresent()) {
      return Long.parseLong(entry.get()[2]);
    }
    try {
      return Long.parseLong(name);
    } catch (NumberFormatException e) {
      throw new ConfigError("unable to find " + kind + " " + name + ": no matching entries");
    }
  }

  private static Optional<String[]> lookup(String file, String name, List<Path> layers)
      throws ConfigError {
    for (var layer : layers) {
      var path = layer.resolve(file);
      if (Files.isRegularFile(path)) {
        try {
          return Files.readAllLines(path).stream()
              .map(line -> line.split(":", -1))
              .filter(fields -> fields.length > (file.endsWith("group") ? 2 : 3))
              .filter(fields -> fields[0].equals(name) || fields[2].equals(name))
              .findFirst();
        } catch (IOException e) {
          throw new ConfigError("cannot read " + file + " of the image: " + e.getMessage());
        }
      }
    }
    return Optional.empty();
  }
}
