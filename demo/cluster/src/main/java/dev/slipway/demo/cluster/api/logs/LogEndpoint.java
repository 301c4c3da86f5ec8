package dev.slipway.demo.cluster.api.logs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.cluster.api.http.Reply;
import dev.slipway.demo.cluster.api.http.StatusError;
import dev.slipway.demo.cluster.api.object.ApiObject;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code GET …/pods/x/log}: which container is meant, whether it has a log, and that log. */
public final class LogEndpoint {
  private final Supplier<PodLogs> logs;

  public LogEndpoint(Supplier<PodLogs> logs) {
    this.logs = logs;
  }

  /** Answers for a pod that exists. */
  public Reply answer(LogOptions options, ApiObject pod) {
    if (pod.text("/spec/nodeName").isEmpty()) {
      return Reply.empty(204);
    }
    var container = container(options, pod);
    var status = status(pod, container);
    requireStarted(pod, container, status, options.previous());
    var request = options.request(pod, container);
    return new Reply.Stream(200, "text/plain", body -> copy(request, body));
  }

  private void copy(LogRequest request, OutputStream body)
      throws IOException, InterruptedException {
    try {
      logs.get().copy(request, body);
    } catch (LogsUnavailable e) {
      throw StatusError.badRequest(e.getMessage() == null ? "" : e.getMessage());
    }
  }

  private static String container(LogOptions options, ApiObject pod) {
    var names = names(pod.at("/spec/containers"));
    var all = new ArrayList<>(names);
    all.addAll(names(pod.at("/spec/initContainers")));
    all.addAll(names(pod.at("/spec/ephemeralContainers")));
    var wanted = options.container();
    if (wanted.isEmpty()) {
      if (names.size() == 1) {
        return names.getFirst();
      }
      throw StatusError.badRequest(
          "a container name must be specified for pod "
              + pod.name()
              + ", choose one of: ["
              + String.join(" ", names)
              + "]");
    }
    if (!all.contains(wanted)) {
      throw StatusError.badRequest("container " + wanted + " is not valid for pod " + pod.name());
    }
    return wanted;
  }

  private static Optional<JsonNode> status(ApiObject pod, String container) {
    for (var list : List.of("/status/containerStatuses", "/status/initContainerStatuses")) {
      for (var status : pod.at(list)) {
        if (status.path("name").asText().equals(container)) {
          return Optional.of(status);
        }
      }
    }
    return Optional.empty();
  }

  private static void requireStarted(
      ApiObject pod, String container, Optional<JsonNode> status, boolean previous) {
    var named = "container \"" + container + "\" in pod \"" + pod.name() + "\"";
    if (previous) {
      if (status.filter(each -> each.at("/lastState/terminated").isObject()).isEmpty()) {
        throw StatusError.badRequest("previous terminated " + named + " not found");
      }
      return;
    }
    var state = status.map(each -> each.path("state"));
    boolean ran =
        status
            .filter(
                each ->
                    each.path("state").has("running")
                        || each.path("state").has("terminated")
                        || each.at("/lastState/terminated").isObject())
            .isPresent();
    if (!ran) {
      var reason =
          state.map(each -> each.at("/waiting/reason").asText("")).orElse("ContainerCreating");
      throw StatusError.badRequest(named + " is waiting to start: " + explained(reason));
    }
  }

  private static String explained(String reason) {
    return switch (reason) {
      case "ImagePullBackOff" -> "image can't be pulled";
      case "ErrImagePull" -> "trying and failing to pull image";
      case "" -> "ContainerCreating";
      default -> reason;
    };
  }

  private static List<String> names(JsonNode containers) {
    var names = new ArrayList<String>();
    containers.forEach(container -> names.add(container.path("name").asText()));
    return names;
  }
}
