package dev.slipway.hooks.registry;

import dev.slipway.crd.registry.ImageLocation;
import dev.slipway.crd.registry.RegistryLogin;
import dev.slipway.hooks.context.Checksums;
import dev.slipway.hooks.registry.RegistrySession.AnsweredException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/** Brings an image into its repository, by the OCI distribution specification. */
final class ImagePush {
  private static final int TRIES = 4;
  private static final Set<Integer> THERE = Set.of(200, 302, 303, 307);

  private final HttpClient http;
  private final String image;
  private final Optional<RegistryLogin> login;
  private final boolean insecure;
  private final Duration pause;

  /**
   * @param http follows no redirects, which would carry the login elsewhere
   * @param image with its tag
   * @param insecure whether plain HTTP will do
   * @param pause before the second try, and longer each time
   */
  ImagePush(
      HttpClient http,
      String image,
      Optional<RegistryLogin> login,
      boolean insecure,
      Duration pause) {
    this.http = http;
    this.image = image;
    this.login = login;
    this.insecure = insecure;
    this.pause = pause;
  }

  /** The registry has said no; trying again would not help. */
  static final class RefusedException extends Exception {
    RefusedException(String message) {
      super(message);
    }
  }

  /** A step of the push, with a login of its own: none outlives the token that it got. */
  private interface Step {
    void with(RegistrySession session) throws IOException, InterruptedException, RefusedException;
  }

  /** Pushes what is not there yet, and answers the digest of the image. */
  String push(ImageArchive archive) throws IOException, InterruptedException, RefusedException {
    for (ImageArchive.Blob blob : archive.blobs()) {
      insist(session -> upload(session, archive, blob));
    }
    byte[] manifest = archive.manifest();
    String tag = image.substring(image.lastIndexOf(':') + 1);
    insist(
        session ->
            require(
                session.send(
                    session
                        .request(session.at("manifests/" + tag))
                        .header("Content-Type", ImageArchive.MANIFEST_TYPE)
                        .PUT(BodyPublishers.ofByteArray(manifest))),
                201));
    return "sha256:" + HexFormat.of().formatHex(Checksums.sha256().digest(manifest));
  }

  private void insist(Step step) throws IOException, InterruptedException, RefusedException {
    for (int tried = 1; ; tried++) {
      try {
        step.with(session());
        return;
      } catch (IOException e) {
        if (tried == TRIES) {
          throw e;
        }
        Thread.sleep(pause.multipliedBy(tried));
      }
    }
  }

  private RegistrySession session() throws IOException, InterruptedException, RefusedException {
    try {
      return new RegistrySession(http, ImageLocation.of(image), login, insecure);
    } catch (AnsweredException e) {
      switch (e.answer()) {
        case RegistryAnswer.Denied(String words) -> throw new RefusedException(words);
        case RegistryAnswer.Unknown(String why) -> throw new IOException(why, e);
        case RegistryAnswer.NoRepository(), RegistryAnswer.Allowed() ->
            throw new IllegalStateException(e);
      }
    }
  }

  private static void upload(RegistrySession session, ImageArchive archive, ImageArchive.Blob blob)
      throws IOException, InterruptedException, RefusedException {
    HttpResponse<String> there =
        session.send(session.request(session.at("blobs/" + blob.digest())).HEAD());
    if (THERE.contains(there.statusCode())) {
      return;
    }
    URI uploads = session.at("blobs/uploads/");
    HttpResponse<String> begun =
        require(session.send(session.request(uploads).POST(BodyPublishers.noBody())), 202);
    String location =
        begun
            .headers()
            .firstValue("Location")
            .orElseThrow(() -> new IOException("the registry does not say where to upload to"));
    String upload = uploads.resolve(uri(location)).toString();
    URI whole = uri(upload + (upload.contains("?") ? "&" : "?") + "digest=" + blob.digest());
    require(
        session.send(
            session
                .request(whole)
                .header("Content-Type", "application/octet-stream")
                .PUT(content(archive, blob))),
        201);
  }

  private static URI uri(String text) throws IOException {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new IOException("the registry says where to upload to, but that is no URI", e);
    }
  }

  private static BodyPublisher content(ImageArchive archive, ImageArchive.Blob blob) {
    return BodyPublishers.fromPublisher(
        BodyPublishers.ofInputStream(() -> open(archive, blob)), blob.size());
  }

  private static InputStream open(ImageArchive archive, ImageArchive.Blob blob) {
    try {
      return archive.open(blob);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it is worth another try is what the kinds of exceptions tell apart. */
  private static HttpResponse<String> require(HttpResponse<String> answer, int status)
      throws IOException, RefusedException {
    int is = answer.statusCode();
    if (is == status) {
      return answer;
    }
    String words =
        "%s %s gave %d, %s"
            .formatted(
                answer.request().method(),
                answer.uri().getPath(),
                is,
                RegistrySession.words(answer));
    if (is == 429 || is >= 500) {
      throw new IOException(words);
    }
    throw new RefusedException(words);
  }
}
