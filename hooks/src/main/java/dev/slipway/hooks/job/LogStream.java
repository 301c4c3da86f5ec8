package dev.slipway.hooks.job;

import dev.slipway.hooks.kube.PodLog;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a container's log on a thread of its own, over as many streams as it takes: the end of a
 * stream is not the end of the log, only a stream that was opened after the container's end is.
 */
final class LogStream implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LogStream.class);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int TRIES_AFTER_END = 10;

  private final PodLog podLog;
  private final Pod pod;
  private final String container;
  private final Consumer<String> lines;
  private final LogCursor cursor = new LogCursor();
  private final Thread thread;
  private volatile boolean containerEnded;

  LogStream(PodLog podLog, Pod pod, String container, Consumer<String> lines) {
    this.podLog = podLog;
    this.pod = pod;
    this.container = container;
    this.lines = lines;
    this.thread = Thread.ofVirtual().name("log-" + container).start(this::follow);
  }

  /** Says that the container has ended and waits until its log has been read to the end. */
  void drain(Duration limit) throws InterruptedException {
    containerEnded = true;
    if (!thread.join(limit)) {
      log.warn("The log of {} did not end in {}", pod.getMetadata().getName(), limit);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void follow() {
    int failures = 0;
    try {
      while (true) {
        boolean last = containerEnded;
        boolean read = false;
        try {
          switch (podLog.follow(pod, container, cursor.resume())) {
            case PodLog.Answer.Open(InputStream bytes) -> {
              copy(bytes);
              read = true;
            }
            case PodLog.Answer.NotYet() -> {}
            case PodLog.Answer.Gone() -> {
              return;
            }
          }
        } catch (IOException e) {
          log.debug("The log of {} broke off", pod.getMetadata().getName(), e);
        }
        if (last && (read || ++failures > TRIES_AFTER_END)) {
          return;
        }
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void copy(InputStream bytes) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        cursor.read(line).ifPresent(lines);
      }
    }
  }
}
