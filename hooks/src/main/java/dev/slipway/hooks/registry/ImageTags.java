package dev.slipway.hooks.registry;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.ImageRegistry;
import dev.slipway.crd.registry.ImageLocation;
import dev.slipway.hooks.context.Checksums;
import dev.slipway.hooks.kube.PushThreads;
import dev.slipway.hooks.registry.RegistryAccesses.NoLoginException;
import dev.slipway.hooks.registry.RegistrySession.AnsweredException;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives images that lie in the registry another tag, by their manifests alone. */
public final class ImageTags {
  private static final Logger log = LoggerFactory.getLogger(ImageTags.class);

  /** All that a builder may have pushed. */
  private static final String TYPES =
      String.join(
          ", ",
          ImageArchive.MANIFEST_TYPE,
          "application/vnd.oci.image.manifest.v1+json",
          "application/vnd.docker.distribution.manifest.list.v2+json",
          "application/vnd.oci.image.index.v1+json");

  private final RegistryAccesses accesses;
  private final Duration patience;

  /**
   * @param patience for all images of a push together; zero asks nothing
   */
  public ImageTags(RegistryAccesses accesses, Duration patience) {
    this.accesses = accesses;
    this.patience = patience;
  }

  /**
   * A name for an image.
   *
   * @param image in the repository of the image, with the tag
   * @param digest of the image
   */
  public record Tag(String image, String digest) {}

  /**
   * Adds tags.
   *
   * @return those that are there now; the images of the others may be gone
   */
  public Set<Tag> add(GitdConfig config, Set<Tag> tags) throws InterruptedException {
    ImageRegistry registry = config.registry();
    if (registry == null || tags.isEmpty() || patience.isZero()) {
      return Set.of();
    }
    try {
      return add(accesses.open(config.namespace(), registry), tags);
    } catch (NoLoginException | IOException e) {
      log.info("The registry is not asked for images that were built before", e);
      return Set.of();
    }
  }

  private Set<Tag> add(RegistryAccess access, Set<Tag> tags) throws InterruptedException {
    ExecutorService threads = Executors.newThreadPerTaskExecutor(PushThreads.factory());
    try {
      Map<Tag, Future<Boolean>> answers = new LinkedHashMap<>();
      tags.forEach(tag -> answers.put(tag, threads.submit(() -> add(access, tag))));
      long giveUp = System.nanoTime() + patience.toNanos();
      Set<Tag> added = new HashSet<>();
      for (Map.Entry<Tag, Future<Boolean>> each : answers.entrySet()) {
        if (answer(each.getKey(), each.getValue(), giveUp - System.nanoTime())) {
          added.add(each.getKey());
        }
      }
      return added;
    } finally {
      threads.shutdownNow();
    }
  }

  private static boolean answer(Tag tag, Future<Boolean> asked, long nanos)
      throws InterruptedException {
    try {
      return asked.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      log.info("{} could not be tagged", tag, e);
      return false;
    }
  }

  private static boolean add(RegistryAccess access, Tag tag)
      throws IOException, InterruptedException, AnsweredException {
    ImageLocation location = ImageLocation.of(tag.image());
    if (!access.speaksFor(location)) {
      return false;
    }
    var session =
        new RegistrySession(
            access.http(), location, access.login(location), access.registry().insecure());
    HttpResponse<byte[]> manifest =
        session.fetch(
            session.request(session.at("manifests/" + tag.digest())).header("Accept", TYPES));
    if (manifest.statusCode() != 200 || !digestOf(manifest.body()).equals(tag.digest())) {
      log.info("{} cannot be tagged, its manifest is not there: {}", tag, manifest);
      return false;
    }
    String name = tag.image().substring(tag.image().lastIndexOf(':') + 1);
    HttpResponse<String> tagged =
        session.send(
            session
                .request(session.at("manifests/" + name))
                .header("Content-Type", type(manifest))
                .PUT(BodyPublishers.ofByteArray(manifest.body())));
    if (tagged.statusCode() != 201) {
      log.info("{} cannot be tagged: {}", tag, RegistrySession.words(tagged));
    }
    return tagged.statusCode() == 201;
  }

  private static String type(HttpResponse<?> manifest) {
    return manifest
        .headers()
        .firstValue("Content-Type")
        .map(it -> it.replaceFirst("\\s*;.*", ""))
        .orElse(ImageArchive.MANIFEST_TYPE);
  }

  private static String digestOf(byte[] manifest) {
    return "sha256:" + HexFormat.of().formatHex(Checksums.sha256().digest(manifest));
  }
}
