package dev.slipway.demo.cluster.node.pod;

import io.fabric8.kubernetes.api.model.KeyToPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files of a volume that shows objects of the cluster: path to content and mode. */
record VolumeFiles(Map<String, Content> files) {
  /**
   * One file.
   *
   * @param mode permission bits
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by content
  record Content(byte[] bytes, int mode) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Content content
          && content.mode == mode
          && Arrays.equals(content.bytes, bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }

  VolumeFiles {
    files = Map.copyOf(files);
  }

  /**
   * The keys of an object as files.
   *
   * @param items which keys under which paths; none means all under their own names
   * @throws ConfigError when a wanted key is not there
   */
  static VolumeFiles of(
      Map<String, byte[]> contents,
      @Nullable List<KeyToPath> items,
      int defaultMode,
      boolean optional)
      throws ConfigError {
    var files = new LinkedHashMap<String, Content>();
    if (items == null || items.isEmpty()) {
      contents.forEach((key, bytes) -> files.put(key, new Content(bytes, defaultMode)));
      return new VolumeFiles(files);
    }
    for (var item : items) {
      var bytes = contents.get(item.getKey());
      if (bytes == null && !optional) {
        throw new ConfigError("references non-existent secret key: " + item.getKey());
      }
      if (bytes != null) {
        int mode = Optional.ofNullable(item.getMode()).orElse(defaultMode);
        files.put(item.getPath(), new Content(bytes, mode));
      }
    }
    return new VolumeFiles(files);
  }

  VolumeFiles and(VolumeFiles others) {
    var all = new LinkedHashMap<>(files);
    all.putAll(others.files);
    return new VolumeFiles(all);
  }

  /**
   * Writes them.
   *
   * @param group owns them and may read them, when there is one
   */
  void writeTo(Path directory, Optional<Long> group) throws IOException {
    for (var entry : files.entrySet()) {
      var file = directory.resolve(entry.getKey()).normalize();
      if (!file.startsWith(directory)) {
        throw new IOException("path " + entry.getKey() + " leads out of the volume");
      }
      Files.createDirectories(file.getParent());
      Files.write(file, entry.getValue().bytes());
      int mode = entry.getValue().mode();
      if (group.isPresent()) {
        Files.setAttribute(file, "unix:gid", group.get().intValue());
        mode |= (mode & 0400) >> 3;
      }
      Files.setAttribute(file, "unix:mode", 0100000 | mode);
    }
  }
}
