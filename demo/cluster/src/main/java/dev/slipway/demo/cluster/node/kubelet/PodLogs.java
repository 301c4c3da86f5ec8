package dev.slipway.demo.cluster.node.kubelet;

import java.io.IOException;
import java.io.OutputStream;

/** Where the kubelet gets the output of containers from. */
@FunctionalInterface
public interface PodLogs {
  /**
   * Copies one container's log. The kubelet has checked that the pod and the container exist and
   * that the container has been started at least once; it has not answered yet, so a failure before
   * the first byte still becomes the right HTTP status.
   *
   * @param to takes bytes as they come, and is flushed by the callee after every complete piece;
   *     the first write or flush answers the API server with 200, so a log that is followed and
   *     still silent is flushed once at its beginning; a write fails when the client has gone
   * @throws LogsUnavailable when there is no such log; its message is the sentence for the client
   * @throws IOException when the client or the log's file cannot be reached
   * @throws InterruptedException when the node stops
   */
  void copy(LogRequest request, OutputStream to)
      throws LogsUnavailable, IOException, InterruptedException;
}
