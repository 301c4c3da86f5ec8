package dev.slipway.images;

import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The few files of Debian that a JVM needs, out of the packages that this machine would install:
 * glibc, its one locale, and who root and nonroot are.
 */
final class DebianBase {
  private static final List<String> PACKAGES = List.of("libc6", "libc-bin", "libgcc-s1");

  /** No programs, no character sets, no documentation but licenses. */
  private static final Pattern WANTED =
      Pattern.compile(
          "(usr/)?lib\\d*/([^/]+/)?[^/]+\\.so[.\\d]*|usr/lib/locale/C\\.utf8/.+|usr/share/doc/[^/]+/copyright");

  /** Where the loader looks, whether or not Debian has moved everything below usr. */
  private static final Pattern MOVED = Pattern.compile("usr/(lib\\d*/([^/]+/)?[^/]+\\.so[.\\d]*)");

  private DebianBase() {}

  /**
   * Downloads the packages and unpacks them.
   *
   * @param folder emptied first
   */
  static FileEntriesLayer make(Path folder) throws IOException, InterruptedException {
    Folders.empty(folder);
    if (!Files.isExecutable(Path.of("/usr/bin/apt-get"))) {
      throw new IOException(
          "There is no apt-get here to make a base of Debian's packages; name an image by BASE=");
    }
    Tool.run(folder, "apt-get", download());
    List<Path> archives = Folders.files(folder);
    Path root = Files.createDirectory(folder.resolve("root"));
    for (Path archive : archives) {
      Tool.run(folder, "dpkg-deb", List.of("-x", archive.toString(), root.toString()));
      note(folder, archive, root);
    }
    write(
        root, "etc/passwd", "root:x:0:0:root:/:/none\nnonroot:x:65532:65532:nonroot:/tmp:/none\n");
    write(root, "etc/group", "root:x:0:\nnonroot:x:65532:\n");
    write(root, "etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
    Files.createDirectories(root.resolve("tmp"));
    var layer = FileEntriesLayer.builder().setName("base");
    for (Path file : Folders.files(root)) {
      String path = root.relativize(file).toString();
      if (isOurs(path) || WANTED.matcher(path).matches()) {
        layer.addEntry(
            real(root, file),
            ImagePaths.absolute(MOVED.matcher(path).replaceFirst("$1")),
            ImagePaths.permissions(real(root, file)));
      }
    }
    layer.addEntry(root.resolve("tmp"), ImagePaths.absolute("tmp"), ImagePaths.WORLD_WRITABLE);
    return layer.build();
  }

  private static List<String> download() {
    var arguments = new ArrayList<>(List.of("download", "-qq"));
    arguments.addAll(PACKAGES);
    return arguments;
  }

  private static boolean isOurs(String path) {
    return path.matches("etc/(passwd|group|nsswitch\\.conf)|var/lib/dpkg/status\\.d/.+");
  }

  /** An absolute link means the root of the image. */
  private static Path real(Path root, Path file) throws IOException {
    Path current = file;
    while (Files.isSymbolicLink(current)) {
      Path to = Files.readSymbolicLink(current);
      current =
          to.isAbsolute()
              ? root.resolve(to.toString().substring(1))
              : current.resolveSibling(to).normalize();
    }
    return Files.exists(current, LinkOption.NOFOLLOW_LINKS)
        ? current
        : root.resolve("usr").resolve(root.relativize(current));
  }

  /** Where scanners of images look for what is installed when there is no dpkg. */
  private static void note(Path folder, Path archive, Path root)
      throws IOException, InterruptedException {
    String control = Tool.run(folder, "dpkg-deb", List.of("-f", archive.toString()));
    String name = archive.getFileName().toString().split("_", 2)[0];
    write(root, "var/lib/dpkg/status.d/" + name, control);
  }

  private static void write(Path root, String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
