package dev.slipway.images;

import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code make images}: writes an archive of each image, and pushes it where there is a registry.
 */
@Command(
    name = "images",
    mixinStandardHelpOptions = true,
    description = "Makes the images of controller and gitd.")
public final class ImagesMain implements Callable<Integer> {
  @Option(
      names = "--registry",
      defaultValue = "",
      description =
          "Where to push to, as <host>[:<port>]/<name>; without it only archives are made.")
  private String registry = "";

  @Option(
      names = "--base",
      defaultValue = "",
      description =
          "Image with glibc and the locale C.UTF-8 to build upon; without it, one is made of"
              + " Debian's packages.")
  private String base = "";

  @Option(names = "--tag", required = true, description = "Tag of both images.")
  private String tag;

  @Option(names = "--insecure", description = "The registries speak plain HTTP.")
  private boolean insecure;

  @Option(
      names = "--target",
      required = true,
      description = "Folder with app/ and sbom.cdx.json; takes what is made.")
  private Path target;

  private ImagesMain() {}

  public static void main(String[] args) {
    // What jib's HTTP client logs is for debugging it.
    System.setProperty("org.apache.commons.logging.Log", "org.apache.commons.logging.impl.NoOpLog");
    System.exit(run(args));
  }

  /** Returns the exit code. */
  static int run(String... args) {
    return new CommandLine(new ImagesMain()).execute(args);
  }

  @Override
  public Integer call() throws InterruptedException {
    Path target = this.target.toAbsolutePath();
    try {
      var content = Content.of(target);
      var images =
          new ImageBuild(
              content,
              base.isEmpty()
                  ? new Base.Made(DebianBase.make(target.resolve("base")))
                  : new Base.Pulled(base),
              insecure,
              target);
      for (Program program : Program.values()) {
        ImageBuild.Built built =
            images.build(
                program,
                tag,
                registry.isEmpty() ? Optional.empty() : Optional.of(registry + "/" + program));
        System.out.printf("%-10s %s  %.1f MB%n", program, built.name(), built.bytes() / 1e6);
      }
      return 0;
    } catch (IOException | InvalidImageReferenceException e) {
      System.err.println(" !     " + sentence(e));
      return 1;
    }
  }

  private static String sentence(Exception failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause().getMessage() != null) {
      cause = cause.getCause();
    }
    return List.of(String.valueOf(failure.getMessage()), String.valueOf(cause.getMessage()))
        .stream()
        .distinct()
        .reduce((what, why) -> what + ": " + why)
        .orElseThrow();
  }
}
