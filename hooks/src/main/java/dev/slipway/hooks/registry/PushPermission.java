package dev.slipway.hooks.registry;

import dev.slipway.crd.registry.ImageLocation;
import dev.slipway.crd.registry.RegistryLogin;
import dev.slipway.hooks.registry.RegistrySession.AnsweredException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Optional;

/**
 * Begins the upload of a blob and drops it at once: what a push begins with, by the OCI
 * distribution specification, and what Kaniko asks first as well.
 */
final class PushPermission {
  private final HttpClient http;
  private final ImageLocation image;
  private final Optional<RegistryLogin> login;
  private final boolean insecure;

  /**
   * @param http follows no redirects, which would carry the login elsewhere; whoever has no more
   *     patience shuts it down
   * @param insecure whether plain HTTP will do
   */
  PushPermission(
      HttpClient http, ImageLocation image, Optional<RegistryLogin> login, boolean insecure) {
    this.http = http;
    this.image = image;
    this.login = login;
    this.insecure = insecure;
  }

  RegistryAnswer ask() throws InterruptedException {
    try {
      return begin(new RegistrySession(http, image, login, insecure));
    } catch (AnsweredException e) {
      return e.answer();
    } catch (IOException | IllegalArgumentException e) {
      return new RegistryAnswer.Unknown(String.valueOf(e));
    }
  }

  private static RegistryAnswer begin(RegistrySession session)
      throws IOException, InterruptedException {
    URI uploads = session.at("blobs/uploads/");
    HttpResponse<String> begun =
        session.send(session.request(uploads).POST(BodyPublishers.noBody()));
    return switch (begun.statusCode()) {
      case 201, 202 -> {
        drop(session, uploads, begun);
        yield new RegistryAnswer.Allowed();
      }
      case 401, 403 -> new RegistryAnswer.Denied(RegistrySession.words(begun));
      case 404 ->
          RegistrySession.error(begun).path("code").asText().equals("NAME_UNKNOWN")
              ? new RegistryAnswer.NoRepository()
              : RegistrySession.unknown("POST", begun);
      default -> RegistrySession.unknown("POST", begun);
    };
  }

  /** Left alone it would lie in the registry until that cleans up. */
  private static void drop(RegistrySession session, URI uploads, HttpResponse<String> begun) {
    Optional<String> location = begun.headers().firstValue("Location");
    if (location.isPresent()) {
      try {
        URI upload = uploads.resolve(location.get());
        if (uploads.getAuthority().equals(upload.getAuthority())) {
          session.sendUnanswered(session.request(upload).DELETE());
        }
      } catch (IOException | IllegalArgumentException e) {
        // The answer is known; the rest is a courtesy.
      }
    }
  }
}
