package dev.slipway.demo.cluster.node.container;

import dev.slipway.demo.cluster.node.kubelet.LogRequest;
import dev.slipway.demo.cluster.node.kubelet.LogsUnavailable;
import dev.slipway.demo.cluster.node.kubelet.PodLogs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;

/** Logs of containers that print what recorded ones printed, kept and sliced as the node does. */
public final class RecordedLogs implements PodLogs {
  private final Path directory;
  private final Map<String, ContainerLog> logs = new ConcurrentHashMap<>();

  public RecordedLogs(Path directory) {
    this.directory = directory;
  }

  /** A container has printed this and ended; {@code timestamps}: each line begins with its time. */
  public void printed(String container, byte[] recorded, boolean timestamps) {
    Queue<Instant> times = new ArrayDeque<>();
    var output = timestamps ? withoutTimes(recorded, times) : recorded;
    InstantSource clock = () -> times.isEmpty() ? Instant.EPOCH : times.remove();
    var log =
        new ContainerLog(
            directory.resolve(container.replace('/', '-')), clock.withZone(ZoneOffset.UTC));
    log.take(new ByteArrayInputStream(output));
    logs.put(container, log);
  }

  /** The node asks for the time once for each piece of a line. */
  private static byte[] withoutTimes(byte[] recorded, Queue<Instant> times) {
    var output = new ByteArrayOutputStream();
    int at = 0;
    while (at < recorded.length) {
      int time = at;
      while (recorded[at] != ' ') {
        at++;
      }
      int begin = at + 1;
      while (at < recorded.length && recorded[at] != '\n') {
        at++;
      }
      var printed =
          Instant.parse(new String(recorded, time, begin - time - 1, StandardCharsets.US_ASCII));
      for (int piece = begin; piece == begin || piece < at; piece += ContainerLog.PIECE) {
        times.add(printed);
      }
      at = Math.min(at + 1, recorded.length);
      output.write(recorded, begin, at - begin);
    }
    return output.toByteArray();
  }

  @Override
  public void copy(LogRequest request, OutputStream to)
      throws LogsUnavailable, IOException, InterruptedException {
    var log = logs.get(request.pod() + "/" + request.container());
    if (log == null) {
      throw new LogsUnavailable("nothing was recorded of " + request);
    }
    log.awaitEnd();
    LogCopy.copy(log, request, to);
  }
}
