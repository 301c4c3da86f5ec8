package dev.slipway.demo.cluster.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.demo.cluster.process.Command;
import dev.slipway.demo.cluster.process.CommandFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** The images on this machine's disk, kept by buildah in a directory of their own. */
public final class ImageStore {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final ReentrantLock pulling = new ReentrantLock();

  public ImageStore(Path directory) {
    this.directory = directory;
  }

  /** The beginning of an argument list that lets buildah work on the store in this directory. */
  public static List<String> buildah(Path directory, String... arguments) {
    return buildah(directory, List.of(), arguments);
  }

  /** The same on a new store, which sees the images of another one and leaves them alone. */
  public static List<String> buildahAbove(Path other, Path directory, String... arguments) {
    return buildah(
        directory,
        List.of("--storage-opt=overlay.imagestore=" + other.resolve("storage")),
        arguments);
  }

  private static List<String> buildah(Path directory, List<String> more, String... arguments) {
    var argv = new ArrayList<String>();
    // buildah binds its directory onto itself; in a mount namespace of its own that leaves nothing.
    argv.addAll(List.of("unshare", "--mount", "buildah"));
    argv.add("--root=" + directory.resolve("storage"));
    argv.add("--runroot=" + directory.resolve("run"));
    argv.add("--storage-driver=overlay");
    argv.addAll(more);
    argv.addAll(List.of(arguments));
    return argv;
  }

  /** The image of that name, when it is here. */
  public Optional<StoredImage> find(ImageReference image) throws IOException, InterruptedException {
    if (BusyboxImage.contains(image)) {
      BusyboxImage.addTo(directory);
    }
    return inspect(image.canonical(), image);
  }

  /** Fetches the image, or what has changed of it, from its registry. */
  public StoredImage pull(ImageReference image, RegistryCredentials credentials)
      throws PullFailed, InterruptedException {
    pulling.lockInterruptibly();
    try {
      new RegistryClient(credentials).checkPull(image, image.isOnLoopback());
      return fetch(image, credentials);
    } catch (RegistryFailure e) {
      throw new PullFailed(sentence(image, e), e);
    } catch (IOException e) {
      throw new PullFailed(prefix(image) + lastLine(e), e);
    } finally {
      pulling.unlock();
    }
  }

  private StoredImage fetch(ImageReference image, RegistryCredentials credentials)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    var authentication = Files.createTempFile(directory, "auth", ".json");
    try {
      Files.writeString(authentication, credentials.json());
      Command.of(
              buildah(
                  directory,
                  "pull",
                  "--quiet",
                  "--policy=always",
                  // A kubelet tries once and then waits longer and longer.
                  "--retry=0",
                  "--authfile=" + authentication,
                  "--tls-verify=" + !image.isOnLoopback(),
                  "docker://" + image.canonical()))
          .runOrFail();
    } finally {
      Files.delete(authentication);
    }
    return inspect(image.canonical(), image)
        .orElseThrow(() -> new IOException("buildah has pulled it and does not find it"));
  }

  private Optional<StoredImage> inspect(String name, ImageReference image)
      throws CommandFailed, InterruptedException {
    var result = Command.of(buildah(directory, "inspect", "--type=image", name)).run();
    if (result.exitCode() != 0) {
      return Optional.empty();
    }
    try {
      var tree = JSON.readTree(result.output());
      var digest = tree.path("FromImageDigest").asText();
      var layers = layers(tree.path("FromImageID").asText());
      return Optional.of(
          new StoredImage(
              image.name() + "@" + digest,
              config(tree.path("OCIv1").path("config")),
              layers,
              tree.path("Manifest").asText().length()));
    } catch (IOException e) {
      throw new IllegalStateException("Cannot read buildah's store " + directory, e);
    }
  }

  /**
   * containers/storage keeps each layer unpacked in {@code overlay/<id>/diff}, has a short link to
   * it below {@code overlay/l}, and lists the links of the layers below in {@code lower}: the form
   * that an overlay mount, whose options must fit into one page, wants.
   */
  private List<Path> layers(String imageId) throws IOException {
    var storage = directory.resolve("storage");
    var images = JSON.readTree(storage.resolve("overlay-images/images.json").toFile());
    var top =
        images
            .valueStream()
            .filter(image -> image.path("id").asText().equals(imageId))
            .map(image -> image.path("layer").asText())
            .findFirst()
            .orElseThrow(() -> new IOException("no image " + imageId));
    var overlay = storage.resolve("overlay");
    var layers = new ArrayList<Path>();
    layers.add(overlay.resolve("l").resolve(Files.readString(overlay.resolve(top + "/link"))));
    var lower = overlay.resolve(top + "/lower");
    if (Files.exists(lower)) {
      for (var link : Files.readString(lower).split(":", -1)) {
        layers.add(overlay.resolve(link));
      }
    }
    return layers;
  }

  private static ImageConfig config(JsonNode config) {
    return new ImageConfig(
        strings(config.path("Entrypoint")),
        strings(config.path("Cmd")),
        strings(config.path("Env")),
        config.path("User").asText(),
        config.path("WorkingDir").asText());
  }

  private static List<String> strings(JsonNode array) {
    return array.valueStream().map(JsonNode::asText).toList();
  }

  private static String sentence(ImageReference image, RegistryFailure failure) {
    return switch (failure.kind()) {
      case NOT_FOUND -> "rpc error: code = NotFound desc = " + prefix(image) + failure.getMessage();
      case UNAUTHORIZED ->
          prefix(image)
              + "pull access denied, repository does not exist or may require authorization:"
              + " authorization failed: no basic auth credentials";
      case UNREACHABLE -> prefix(image) + "failed to do request: " + failure.getMessage();
      case OTHER -> prefix(image) + failure.getMessage();
    };
  }

  private static String prefix(ImageReference image) {
    return "failed to pull and unpack image \"%s\": failed to resolve reference \"%s\": "
        .formatted(image.full(), image.full());
  }

  private static String lastLine(IOException failure) {
    var text =
        failure instanceof CommandFailed failed ? failed.errors() : "" + failure.getMessage();
    return text.substring(text.lastIndexOf('\n') + 1);
  }
}
