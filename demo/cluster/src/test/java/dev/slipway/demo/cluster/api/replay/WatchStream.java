package dev.slipway.demo.cluster.api.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A watch that is open; collects its events as they come. */
final class WatchStream implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PATIENCE_MILLIS = 300_000;
  private static final long SURPLUS_MILLIS = 60;

  private final HttpResponse<InputStream> response;
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();
  private final Thread reader;

  WatchStream(HttpResponse<InputStream> response) {
    this.response = response;
    this.reader = Thread.startVirtualThread(this::read);
  }

  HttpResponse<InputStream> response() {
    return response;
  }

  private void read() {
    try (var lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        events.add(JSON.readTree(line));
      }
    } catch (IOException | UncheckedIOException e) {
      Thread.currentThread().interrupt(); // closed by us
    }
  }

  /** The events, as soon as there are enough and no more come, or patience has ended. */
  List<JsonNode> events(Predicate<List<JsonNode>> enough) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (!enough.test(events) && System.nanoTime() < end) {
      if (reader.join(Duration.ofMillis(5))) {
        break;
      }
    }
    reader.join(Duration.ofMillis(SURPLUS_MILLIS));
    return List.copyOf(events);
  }

  @Override
  public void close() throws IOException {
    response.body().close();
  }
}
