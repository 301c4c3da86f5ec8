package dev.slipway.demo.cluster.node.pod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A volume's directory whose files change all at once, as a kubelet's do: each name is a link
 * through {@code ..data}, and that link is replaced in one step.
 *
 * @see <a
 *     href="https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/volume/util/atomic_writer.go">atomic_writer.go</a>
 */
final class PublishedFiles {
  private static final String DATA = "..data";

  private final Path directory;
  private @Nullable VolumeFiles published;
  private int version;

  PublishedFiles(Path directory) {
    this.directory = directory;
  }

  /** Shows these files instead of those before; nothing happens when they are the same. */
  synchronized void publish(VolumeFiles files, Optional<Long> group)
      throws IOException, InterruptedException {
    if (files.equals(published)) {
      return;
    }
    var before = directory.resolve(".." + version);
    version++;
    var name = ".." + version;
    files.writeTo(Files.createDirectories(directory.resolve(name)), group);
    var link = directory.resolve("..data_tmp");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of(name));
    Files.move(
        link,
        directory.resolve(DATA),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    link(files);
    if (published != null) {
      PodFiles.delete(before);
    }
    published = files;
  }

  private void link(VolumeFiles files) throws IOException {
    var names = new HashSet<String>();
    files.files().keySet().forEach(path -> names.add(Path.of(path).getName(0).toString()));
    for (var name : names) {
      var link = directory.resolve(name);
      if (!Files.isSymbolicLink(link)) {
        Files.createSymbolicLink(link, Path.of(DATA, name));
      }
    }
    try (var entries = Files.list(directory)) {
      for (var entry : entries.toList()) {
        var name = entry.getFileName().toString();
        if (!name.startsWith("..") && !names.contains(name)) {
          Files.delete(entry);
        }
      }
    }
  }
}
