package dev.slipway.hooks.registry;

import dev.slipway.crd.registry.DockerConfig;
import dev.slipway.crd.registry.ImageLocation;
import dev.slipway.crd.registry.InvalidDockerConfigException;
import dev.slipway.crd.registry.RegistryLogin;
import dev.slipway.hooks.kube.PlainText;
import dev.slipway.hooks.registry.ImagePush.RefusedException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Last container of a build whose builder has no credentials: pushes what that has built. */
@Command(name = "push-image", description = "Pushes an image out of an archive.")
public final class PushImage implements Callable<Integer> {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  @Option(names = "--archive", required = true, description = "As docker save writes it.")
  private Path archive;

  @Option(names = "--image", required = true, description = "What it is pushed as, with a tag.")
  private String image;

  @Option(
      names = "--credentials",
      description = "Logins for registries, in any of Docker's forms; none pushes anonymously.")
  private @Nullable Path credentials;

  @Option(names = "--ca", description = "PEM of a CA that vouches for the registry.")
  private @Nullable Path ca;

  @Option(names = "--insecure", description = "Plain HTTP and any certificate will do.")
  private boolean insecure;

  @Option(
      names = "--termination-log",
      defaultValue = "/dev/termination-log",
      description = "Gets the digest, or the sentence when it fails.")
  private Path terminationLog;

  @Override
  public Integer call() {
    try (ImageArchive built = ImageArchive.open(archive)) {
      return push(built);
    } catch (IOException e) {
      return failed(
          "what the builder has left is no image that can be pushed: %s; push again."
              .formatted(words(e)));
    }
  }

  private int push(ImageArchive built) {
    try (HttpClient http = client()) {
      String digest = new ImagePush(http, image, login(), insecure, PAUSE).push(built);
      System.out.println("Pushed " + image + "@" + digest);
      Files.writeString(terminationLog, digest);
      return 0;
    } catch (RefusedException e) {
      return failed(
          "the registry refuses the push: %s; check spec.registry.credentials of the Remote."
              .formatted(e.getMessage()));
    } catch (InvalidDockerConfigException e) {
      return failed(
          "the Secret in spec.registry.credentials holds no registry credentials, %s; kubectl create secret docker-registry makes one that does."
              .formatted(e.getMessage()));
    } catch (GeneralSecurityException e) {
      return failed(
          "the CA of the registry cannot be read: %s; check spec.registry.caFrom of the Remote."
              .formatted(words(e)));
    } catch (IOException e) {
      return failed(
          "the image cannot be pushed: %s; check spec.registry.url and that the registry is up."
              .formatted(words(e)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed("the push of the image was interrupted");
    }
  }

  private HttpClient client() throws GeneralSecurityException, IOException {
    HttpClient.Builder http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_LIMIT)
            .followRedirects(HttpClient.Redirect.NEVER);
    if (insecure) {
      http.sslContext(RegistryTrust.anybody());
    } else if (ca != null) {
      http.sslContext(RegistryTrust.with(Files.readString(ca)));
    }
    return http.build();
  }

  private Optional<RegistryLogin> login() throws IOException, InvalidDockerConfigException {
    return credentials == null
        ? Optional.empty()
        : DockerConfig.parse(Files.readString(credentials)).login(ImageLocation.of(image));
  }

  /** In one line, also where the archive or the registry has chosen the words. */
  private static String words(Exception e) {
    return PlainText.oneLine(
        e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
  }

  private int failed(String sentence) {
    System.err.println(sentence);
    try {
      Files.writeString(terminationLog, sentence);
    } catch (IOException e) {
      // Outside a pod there is no such file; the log has the sentence.
    }
    return 1;
  }
}
