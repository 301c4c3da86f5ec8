package dev.slipway.demo.cluster.node.jobs;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One recorded Job: plays again what was sent then, and watches what comes of it now. */
final class JobScenario implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final KubernetesSerialization OBJECTS = new KubernetesSerialization();

  private static final Pattern DEADLINE = Pattern.compile("\"activeDeadlineSeconds\":\\d+");

  /** Ends a program that runs until it is told to end. */
  private static final String MAY_END = "may-end";

  // What the recording waited for longer than is needed, or not long enough for a busy machine:
  // what something else ends must not end by itself before.
  private static final Map<String, String> OTHERWISE =
      Map.of(
          "\"terminationGracePeriodSeconds\":2", "\"terminationGracePeriodSeconds\":1",
          "\"ttlSecondsAfterFinished\":3", "\"ttlSecondsAfterFinished\":1",
          "sleep 8", "sleep 36000",
          "sleep 60", "sleep 36000",
          "\"sleep 4\"]",
              """
              "exec sleep ${ENDS:-36000}"],
              "envFrom":[{"configMapRef":{"name":"%s","optional":true}}]"""
                  .formatted(MAY_END),
          // The stand-in for Kaniko knows no help.
          "\"args\":[\"--help\"]", "\"command\":[\"true\"]");

  private final KubernetesClient client;
  private final Path folder;
  private final String namespace;
  private final Map<String, String> images;
  private final List<JsonNode> jobs = new CopyOnWriteArrayList<>();
  private final List<JsonNode> pods = new CopyOnWriteArrayList<>();
  private final List<Watch> watches = new ArrayList<>();

  /**
   * A scenario that has not begun.
   *
   * @param images recorded names, and those that stand for them here
   */
  JobScenario(KubernetesClient client, Path folder, Map<String, String> images) {
    this.client = client;
    this.folder = folder;
    this.namespace = "d-" + folder.getFileName();
    this.images = images;
  }

  /** Sends all that was sent, in a new namespace with these labels and objects. */
  void play(Map<String, String> labels, String objects) {
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(namespace)
                .withLabels(labels)
                .endMetadata()
                .build())
        .create();
    await()
        .until(() -> client.serviceAccounts().inNamespace(namespace).list().getItems().size() > 0);
    if (!objects.isBlank()) {
      client.resource("---\n" + objects).inNamespace(namespace).create();
    }
    watches.add(client.resources(Job.class).inNamespace(namespace).watch(new Sight<>(jobs)));
    watches.add(client.resources(Pod.class).inNamespace(namespace).watch(new Sight<>(pods)));
    read("00-actions.json").path("actions").forEach(this::send);
  }

  private void send(JsonNode action) {
    var path = action.path("path").asText();
    var body = here(action.path("body").toString());
    switch (action.path("method").asText()) {
      case "PATCH" -> {
        if (body.contains("false")) {
          awaitSuspended();
          letTheNextEnd();
        } else {
          awaitRunning();
        }
        patch(Job.class, "build", body);
      }
      case "POST" -> {
        if (path.endsWith("/jobs")) {
          client.raw(path, "POST", DEADLINE.matcher(body).replaceAll(deadline(3600)));
          if (DEADLINE.matcher(body).find()) {
            shorten(action.at("/body/spec").has("activeDeadlineSeconds"));
          }
        } else {
          var pod = awaitRunning();
          client.raw(named(path, pod), "POST", named(body, pod));
        }
      }
      case "DELETE" -> {
        var pod = awaitRunning();
        client.raw(named(path, pod), "DELETE", body.equals("null") ? "{}" : body);
      }
      default -> throw new IllegalArgumentException(action.toString());
    }
  }

  /** A deadline that was recorded comes once the pod runs, however long that takes here. */
  private void shorten(boolean ofJob) {
    var pod = awaitRunning();
    var body = "{\"spec\":{" + deadline(1) + "}}";
    if (ofJob) {
      patch(Job.class, "build", body);
    } else {
      patch(Pod.class, pod, body);
    }
  }

  private <T extends HasMetadata> void patch(Class<T> kind, String name, String body) {
    client
        .resources(kind)
        .inNamespace(namespace)
        .withName(name)
        .patch(PatchContext.of(PatchType.JSON_MERGE), body);
  }

  private static String deadline(int seconds) {
    return "\"activeDeadlineSeconds\":" + seconds;
  }

  private static String named(String text, String pod) {
    return text.replaceAll("build-[a-z0-9]{5}", pod);
  }

  private String here(String body) {
    var text = body;
    for (var change : OTHERWISE.entrySet()) {
      text = text.replace(change.getKey(), change.getValue());
    }
    for (var image : images.entrySet()) {
      text = text.replace(image.getKey(), image.getValue());
    }
    return text;
  }

  /** Name of the first pod, once it runs. */
  private String awaitRunning() {
    await("a pod of " + this)
        .until(() -> pods.stream().anyMatch(pod -> text(pod, "/status/phase").equals("Running")));
    return text(pods.getFirst(), "/metadata/name");
  }

  private void awaitSuspended() {
    await(this + " is suspended")
        .until(
            () ->
                !jobs.getLast().at("/status/conditions").isEmpty()
                    && client.pods().inNamespace(namespace).list().getItems().isEmpty());
  }

  private void letTheNextEnd() {
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(MAY_END)
                .endMetadata()
                .addToData("ENDS", "1")
                .build())
        .create();
  }

  private static String text(JsonNode object, String pointer) {
    return object.at(pointer).asText("");
  }

  /** Whether the Job, as far as it was recorded, never came to an end. */
  boolean isEndless() {
    var job = read("final.json").path("job");
    return job.path("kind").asText().equals("Job") && job.at("/status/conditions").isEmpty();
  }

  JobStory recorded() {
    var events = new ArrayList<JsonNode>();
    read("final.json").at("/events/items").forEach(events::add);
    return JobStory.of(
        objects("jobs.watch.json"),
        objects("pods.watch.json"),
        events,
        message -> message.replace("docker.io/library/busybox:nope", "busybox:nope"));
  }

  JobStory observed() {
    var events = client.v1().events().inNamespace(namespace).list().getItems();
    return JobStory.of(
        jobs,
        pods,
        events.stream().map(event -> OBJECTS.convertValue(event, JsonNode.class)).toList(),
        this::asRecorded);
  }

  private String asRecorded(String message) {
    var text = message;
    for (var image : images.entrySet()) {
      text = text.replace(image.getValue(), image.getKey());
    }
    return text;
  }

  private List<JsonNode> objects(String file) {
    var all = new ArrayList<JsonNode>();
    read(file).path("events").forEach(event -> all.add(event.path("object")));
    return all;
  }

  private JsonNode read(String file) {
    try {
      return JSON.readTree(folder.resolve(file).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Sight<T extends HasMetadata>(List<JsonNode> seen) implements Watcher<T> {
    @Override
    public void eventReceived(Action action, T object) {
      if (action == Action.BOOKMARK) {
        return;
      }
      seen.add(OBJECTS.convertValue(object, JsonNode.class));
    }

    @Override
    public void onClose(@Nullable WatcherException cause) {}
  }

  @Override
  public void close() {
    watches.forEach(Watch::close);
  }

  @Override
  public String toString() {
    return String.valueOf(folder.getFileName());
  }
}
