package dev.slipway.images;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Puts images together, and where they belong.
 *
 * @param target takes archives, and jib's caches
 */
record ImageBuild(Content content, Base base, boolean insecure, Path target) {
  /** The same in every pod of Slipway. */
  private static final String USER = "65532:65532";

  /**
   * An image as it is now.
   *
   * @param name with its digest
   * @param bytes packed
   */
  record Built(String name, long bytes) {}

  /**
   * Builds one.
   *
   * @param repository where to push it to, if anywhere
   */
  Built build(Program program, String tag, Optional<String> repository)
      throws IOException, InterruptedException, InvalidImageReferenceException {
    JibContainerBuilder image = onBase();
    content.layers(program).forEach(image::addFileEntriesLayer);
    image
        .setEntrypoint(Content.entrypoint(program))
        .setProgramArguments(List.of())
        .addEnvironmentVariable("LC_ALL", "C.UTF-8")
        .setUser(USER)
        .setLabels(
            Map.of(
                "org.opencontainers.image.title",
                "slipway/" + program,
                "org.opencontainers.image.licenses",
                "Apache-2.0"))
        .setPlatforms(Set.of(new Platform(architecture(), "linux")))
        .setFormat(ImageFormat.OCI);
    Path archive = target.resolve(program + ".tar");
    JibContainer built =
        containerize(
            image,
            Containerizer.to(TarImage.at(archive).named("slipway/" + program + ":" + tag)),
            archive.toString());
    if (repository.isPresent()) {
      var to = ImageReference.parse(repository.get() + ":" + tag);
      built = containerize(image, Containerizer.to(withLogin(to)), to.toString());
    }
    return new Built(
        repository.map(it -> it + ":" + tag).orElse(archive.toString()) + "@" + built.getDigest(),
        Files.size(archive));
  }

  private JibContainerBuilder onBase() throws InvalidImageReferenceException {
    return switch (base) {
      case Base.Made made -> Jib.fromScratch().addFileEntriesLayer(made.layer());
      case Base.Pulled pulled -> Jib.from(withLogin(ImageReference.parse(pulled.name())));
    };
  }

  /** As docker and podman have logged in. */
  private static RegistryImage withLogin(ImageReference image) {
    return RegistryImage.named(image)
        .addCredentialRetriever(
            CredentialRetrieverFactory.forImage(image, event -> {}).dockerConfig());
  }

  private JibContainer containerize(JibContainerBuilder image, Containerizer to, String name)
      throws IOException, InterruptedException {
    try {
      return image.containerize(
          to.setAllowInsecureRegistries(insecure)
              .setToolName("slipway")
              .setBaseImageLayersCache(target.resolve("jib"))
              .setApplicationLayersCache(target.resolve("jib")));
    } catch (RegistryException | CacheDirectoryCreationException | ExecutionException e) {
      String on = base instanceof Base.Pulled pulled ? " on " + pulled.name() : "";
      throw new IOException("Cannot build %s%s".formatted(name, on), e);
    }
  }

  private static String architecture() {
    String name = System.getProperty("os.arch");
    return name.equals("aarch64") ? "arm64" : name;
  }
}
