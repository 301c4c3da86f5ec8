package dev.slipway.demo.cluster.api.logs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.cluster.api.http.Reply;
import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.schema.Rejected;
import java.util.ArrayList;
import java.util.List;

/** {@code GET …/pods/x/log}: which container is meant, and its log from the pod's node. */
public record LogEndpoint(Kubelets kubelets) {
  /** Answers for a pod that exists. */
  public Reply answer(LogOptions options, ApiObject pod) {
    var node = pod.text("/spec/nodeName");
    if (node.isEmpty()) {
      return Reply.empty(204);
    }
    var path =
        "/containerLogs/" + pod.namespace() + "/" + pod.name() + "/" + container(options, pod);
    return new Reply.Stream(
        200, "text/plain", body -> kubelets.copy(node, pod, path, options.query(), body));
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
      throw Rejected.badRequest(
          "a container name must be specified for pod %s, choose one of: [%s]"
              .formatted(pod.name(), String.join(" ", names)));
    }
    if (!all.contains(wanted)) {
      throw Rejected.badRequest("container " + wanted + " is not valid for pod " + pod.name());
    }
    return wanted;
  }

  private static List<String> names(JsonNode containers) {
    var names = new ArrayList<String>();
    containers.forEach(container -> names.add(container.path("name").asText()));
    return names;
  }
}
