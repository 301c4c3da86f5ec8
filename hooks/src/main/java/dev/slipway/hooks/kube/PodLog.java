package dev.slipway.hooks.kube;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.URLUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Opens the log of a container, which the typed client does not do in a way that tells errors. */
public final class PodLog {
  /** What comes, as if it were the log, for a run whose container is gone. */
  private static final String COLLECTED = "unable to retrieve container logs for ";

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

  /**
   * The last lines of a container. Where it runs again after a crash, the last lines of the run
   * before come first: there stands why.
   */
  public List<String> tail(Pod pod, ContainerStatus container, int lines)
      throws InterruptedException {
    String query = "?container=" + container.getName() + "&tailLines=" + lines;
    List<String> tail = new ArrayList<>();
    try {
      if (runsAgain(container)) {
        last(pod, query + "&previous=true", lines)
            .filter(line -> !line.startsWith(COLLECTED))
            .forEach(tail::add);
      }
      last(pod, query, lines).forEach(tail::add);
    } catch (IOException e) {
      tail.add("its log cannot be read: " + e.getMessage());
    }
    return tail;
  }

  /** Between two runs the log is still that of the last one. */
  private static boolean runsAgain(ContainerStatus container) {
    return container.getState() != null
        && container.getState().getRunning() != null
        && container.getLastState() != null
        && container.getLastState().getTerminated() != null;
  }

  /** Counted here again: the API server counts the pieces that long lines are stored in. */
  private Stream<String> last(Pod pod, String query, int count)
      throws IOException, InterruptedException {
    if (!(open(pod, query) instanceof Answer.Open(InputStream bytes))) {
      return Stream.empty();
    }
    Deque<String> last = new ArrayDeque<>();
    try (bytes) {
      LogLines lines = new LogLines(bytes);
      for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
        keep(line.get(), last, count);
      }
      keep(lines.rest(), last, count);
    }
    return last.stream();
  }

  private static void keep(String line, Deque<String> last, int count) {
    String text = PlainText.of(line);
    if (!text.isBlank()) {
      last.addLast(text);
    }
    if (last.size() > count) {
      last.removeFirst();
    }
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
      if (response.code() == HttpURLConnection.HTTP_OK) {
        return new Answer.Open(response.body());
      }
      // Left unread, it would keep its connection.
      response.body().close();
      return switch (response.code()) {
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
