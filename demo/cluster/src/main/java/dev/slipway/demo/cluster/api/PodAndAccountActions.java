package dev.slipway.demo.cluster.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.api.auth.TokenRequests;
import dev.slipway.demo.cluster.api.http.Reply;
import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.object.Json;
import dev.slipway.demo.cluster.api.resource.Call;
import dev.slipway.demo.cluster.api.resource.Resources;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.schema.Rejected;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** Subresources that are actions: a token for a ServiceAccount, a node for a pod, an eviction. */
record PodAndAccountActions(
    Store store, Resources resources, TokenRequests tokens, InstantSource clock) {
  Reply answer(Call call) {
    var request = call.body(call.path().subresource()).object();
    return switch (call.path().subresource()) {
      case "token" ->
          Reply.formatted(201, tokens.fulfil(resources.stored(call), request), call.accept());
      case "binding" -> bind(call, request);
      case "eviction" -> {
        announceEviction(call);
        resources.evict(call, request.path("deleteOptions"));
        yield Reply.formatted(201, success(201), call.accept());
      }
      default -> throw Rejected.unknownResource();
    };
  }

  private Reply bind(Call call, ObjectNode binding) {
    var node = binding.at("/target/name").asText();
    store.atomically(
        () -> {
          var pod = resources.stored(call);
          var current = pod.text("/spec/nodeName");
          if (!current.isEmpty()) {
            throw Rejected.conflict(
                call.type().resource(),
                pod.name(),
                "pod " + pod.name() + " is already assigned to node \"" + current + "\"");
          }
          return store.put(call.key(), scheduled(pod.copy(), node));
        });
    return Reply.formatted(201, success(201), call.accept());
  }

  private ApiObject scheduled(ApiObject pod, String node) {
    pod.json().withObjectProperty("spec").put("nodeName", node);
    setCondition(pod, "PodScheduled");
    return pod;
  }

  private void announceEviction(Call call) {
    store.atomically(
        () -> {
          var pod = resources.stored(call).copy();
          setCondition(pod, "DisruptionTarget")
              .put("reason", "EvictionByEvictionAPI")
              .put("message", "Eviction API: evicting");
          return store.put(call.key(), pod);
        });
  }

  private ObjectNode setCondition(ApiObject pod, String type) {
    var conditions = pod.json().withObjectProperty("status").withArrayProperty("conditions");
    conditions.removeIf(condition -> condition.path("type").asText().equals(type));
    return conditions
        .addObject()
        .put("type", type)
        .put("status", "True")
        .putNull("lastProbeTime")
        .put("lastTransitionTime", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private static ObjectNode success(int code) {
    var status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    return status.put("status", "Success").put("code", code);
  }
}
