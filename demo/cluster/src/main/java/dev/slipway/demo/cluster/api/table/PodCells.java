package dev.slipway.demo.cluster.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.cluster.api.object.ApiObject;
import java.time.Instant;

/** The summary of a pod's state that kubectl shows: ready containers, status word, restarts. */
final class PodCells {
  private PodCells() {}

  static String ready(ApiObject pod) {
    int ready = 0;
    for (var status : pod.at("/status/containerStatuses")) {
      if (status.path("ready").asBoolean() && status.path("state").has("running")) {
        ready++;
      }
    }
    return ready + "/" + pod.at("/spec/containers").size();
  }

  static String restarts(ApiObject pod, Instant now) {
    int restarts = 0;
    var last = "";
    for (var status : pod.at("/status/containerStatuses")) {
      restarts += status.path("restartCount").asInt();
      var finished = status.at("/lastState/terminated/finishedAt").asText("");
      last = finished.compareTo(last) > 0 ? finished : last;
    }
    return restarts == 0 || last.isEmpty()
        ? Integer.toString(restarts)
        : restarts + " (" + Cells.since(last, now) + " ago)";
  }

  static String status(ApiObject pod) {
    var reason = pod.text("/status/reason");
    if (reason.isEmpty()) {
      reason = pod.text("/status/phase");
    }
    var initializing = initializing(pod);
    if (!initializing.isEmpty()) {
      reason = initializing;
    } else {
      reason = ofContainers(pod, reason);
    }
    if (pod.deleting()) {
      boolean over = reason.equals("Completed") || reason.equals("Error");
      return over && !pod.text("/status/phase").equals("Running") ? reason : "Terminating";
    }
    return reason;
  }

  private static String initializing(ApiObject pod) {
    int index = 0;
    int total = pod.at("/spec/initContainers").size();
    for (var status : pod.at("/status/initContainerStatuses")) {
      var terminated = status.at("/state/terminated");
      if (terminated.isObject()) {
        if (terminated.path("exitCode").asInt() != 0) {
          return "Init:" + ended(terminated);
        }
      } else {
        var waiting = status.at("/state/waiting/reason").asText("");
        boolean says = !waiting.isEmpty() && !waiting.equals("PodInitializing");
        return says ? "Init:" + waiting : "Init:" + index + "/" + total;
      }
      index++;
    }
    return "";
  }

  private static String ofContainers(ApiObject pod, String otherwise) {
    var reason = otherwise;
    boolean running = false;
    var statuses = pod.at("/status/containerStatuses");
    for (int i = statuses.size() - 1; i >= 0; i--) {
      var status = statuses.get(i);
      var waiting = status.at("/state/waiting/reason").asText("");
      var terminated = status.at("/state/terminated");
      if (!waiting.isEmpty()) {
        reason = waiting;
      } else if (terminated.isObject()) {
        reason = ended(terminated);
      } else if (status.path("ready").asBoolean() && status.path("state").has("running")) {
        running = true;
      }
    }
    if (reason.equals("Completed") && running) {
      return Cells.condition(pod, "Ready").equals("True") ? "Running" : "NotReady";
    }
    return reason;
  }

  private static String ended(JsonNode terminated) {
    var reason = terminated.path("reason").asText("");
    if (!reason.isEmpty()) {
      return reason;
    }
    int signal = terminated.path("signal").asInt();
    return signal != 0 ? "Signal:" + signal : "ExitCode:" + terminated.path("exitCode").asInt();
  }
}
