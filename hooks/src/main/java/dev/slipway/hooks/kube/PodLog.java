package dev.slipway.hooks.kube;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.URLUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Opens the log of a container, which the typed client does not do in a way that tells errors. */
public final class PodLog {
  private final KubernetesClient client;

  public PodLog(KubernetesClient client) {
    this.client = client;
  }

  /** What the API server answered. */
  public sealed interface Answer {
    record Open(InputStream bytes) implements Answer {}

    /** There is no log yet: the container has not started. */
    record NotYet() implements Answer {}

    /** There is none any more. */
    record Gone() implements Answer {}
  }

  /**
   * Follows a log, with a timestamp before each line.
   *
   * @param sinceTime RFC 3339; the fraction is dropped by the server
   */
  public Answer follow(Pod pod, String container, @Nullable String sinceTime)
      throws IOException, InterruptedException {
    String query = "?container=" + container + "&follow=true&timestamps=true";
    return open(pod, sinceTime == null ? query : query + "&sinceTime=" + encoded(sinceTime));
  }

  /** The last lines of a container, of its run before when it has none of this one. */
  public List<String> tail(Pod pod, String container, int lines) throws InterruptedException {
    try {
      String query = "?container=" + container + "&tailLines=" + lines;
      if (open(pod, query) instanceof Answer.Open(InputStream bytes)) {
        try (bytes) {
          return new String(bytes.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(PlainText::of)
              .filter(line -> !line.isBlank())
              .toList();
        }
      }
    } catch (IOException e) {
      return List.of("its log cannot be read: " + e.getMessage());
    }
    return List.of();
  }

  private Answer open(Pod pod, String query) throws IOException, InterruptedException {
    String path =
        URLUtils.join(
            client.getMasterUrl().toString(),
            "api/v1/namespaces",
            pod.getMetadata().getNamespace(),
            "pods",
            pod.getMetadata().getName(),
            "log");
    HttpClient http = client.getHttpClient();
    try {
      HttpResponse<InputStream> response =
          http.sendAsync(
                  http.newHttpRequestBuilder().uri(path + query).forStreaming().build(),
                  InputStream.class)
              .get();
      return switch (response.code()) {
        case 200 -> new Answer.Open(response.body());
        case 204 -> new Answer.Open(new ByteArrayInputStream(new byte[0]));
        case 400 -> new Answer.NotYet();
        case 404, 410 -> new Answer.Gone();
        default -> throw new IOException("the API server answered " + response.code());
      };
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    }
  }

  private static String encoded(String time) {
    return time.replace(":", "%3A").replace("+", "%2B");
  }
}
