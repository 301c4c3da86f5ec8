package dev.slipway.hooks.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.hooks.context.Checksums;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/**
 * An image in a file as Kaniko's {@code --tar-path} and {@code docker save} write it. What stands
 * in it is as little to be trusted as the Dockerfile: digests are computed, not read.
 */
final class ImageArchive implements AutoCloseable {
  /** What the registry is told that the image is. */
  static final String MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_INDEX = 1 << 20;

  /** No runtime takes more than 128 layers. */
  private static final int MOST_ENTRIES = 1024;

  private static final String CONFIG_TYPE = "application/vnd.docker.container.image.v1+json";
  private static final String LAYER_TYPE = "application/vnd.docker.image.rootfs.diff.tar";

  private final TarFile tar;
  private final List<Blob> blobs = new ArrayList<>();
  private final ObjectNode manifest = JSON.createObjectNode();

  /**
   * A part of the image.
   *
   * @param size in bytes
   */
  record Blob(String entry, String digest, long size) {}

  private ImageArchive(TarFile tar) throws IOException {
    this.tar = tar;
    if (tar.getEntries().size() > MOST_ENTRIES) {
      throw new IOException("it has more than %d entries".formatted(MOST_ENTRIES));
    }
    JsonNode image = JSON.readTree(index()).path(0);
    if (image.path("Layers").size() > MOST_ENTRIES) {
      throw new IOException("it has more than %d layers".formatted(MOST_ENTRIES));
    }
    manifest.put("schemaVersion", 2).put("mediaType", MANIFEST_TYPE);
    manifest.set("config", described(CONFIG_TYPE, blob(image.path("Config").asText())));
    var layers = manifest.putArray("layers");
    for (JsonNode layer : image.path("Layers")) {
      Blob blob = blob(layer.asText());
      layers.add(described(LAYER_TYPE + (isGzip(blob) ? ".gzip" : ""), blob));
    }
  }

  /**
   * Reads it once.
   *
   * @param file a regular file, which nobody writes any more; through a link somebody could have
   *     the credentials read, which lie beside it, and some of them shown as the error
   * @throws IOException if it is none
   */
  static ImageArchive open(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("there is no file");
    }
    var bytes = Files.newByteChannel(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    try {
      return new ImageArchive(new TarFile(bytes));
    } catch (IOException | RuntimeException e) {
      bytes.close();
      throw e instanceof IOException known ? known : new IOException("it is no archive", e);
    }
  }

  /** Everything that the manifest speaks of. */
  List<Blob> blobs() {
    return List.copyOf(blobs);
  }

  InputStream open(Blob blob) throws IOException {
    return tar.getInputStream(entry(blob.entry()));
  }

  /** By which the registry knows the image. */
  byte[] manifest() throws IOException {
    return JSON.writeValueAsBytes(manifest);
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }

  private byte[] index() throws IOException {
    try (InputStream in = tar.getInputStream(entry("manifest.json"))) {
      return in.readNBytes(LONGEST_INDEX);
    }
  }

  private Blob blob(String name) throws IOException {
    MessageDigest digest = Checksums.sha256();
    try (InputStream in = tar.getInputStream(entry(name));
        var sum = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      long size = in.transferTo(sum);
      var blob = new Blob(name, "sha256:" + HexFormat.of().formatHex(digest.digest()), size);
      blobs.add(blob);
      return blob;
    }
  }

  private boolean isGzip(Blob blob) throws IOException {
    try (InputStream in = open(blob)) {
      byte[] head = in.readNBytes(2);
      return head.length == 2 && (head[0] & 0xff) == 0x1f && (head[1] & 0xff) == 0x8b;
    }
  }

  private TarArchiveEntry entry(String name) throws IOException {
    return tar.getEntries().stream()
        .filter(it -> it.getName().equals(name) && isPlain(it))
        .findFirst()
        .orElseThrow(() -> new IOException("\"%s\" is not in it".formatted(name)));
  }

  /** A sparse one could be longer than all disks. */
  private static boolean isPlain(TarArchiveEntry entry) {
    return entry.isFile() && !entry.isSymbolicLink() && !entry.isLink() && !entry.isSparse();
  }

  private static ObjectNode described(String type, Blob blob) {
    return JSON.createObjectNode()
        .put("mediaType", type)
        .put("size", blob.size())
        .put("digest", blob.digest());
  }
}
