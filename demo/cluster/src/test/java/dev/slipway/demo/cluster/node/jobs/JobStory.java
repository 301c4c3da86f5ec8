package dev.slipway.demo.cluster.node.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What happened to a Job and its pods, with names and times made comparable.
 *
 * @param courses for each thing that is in one state after the other (the Job's conditions and
 *     counts, a pod's phase, its conditions, its containers) these states in order
 * @param events what each component said
 */
record JobStory(Map<String, List<String>> courses, Map<String, Said> events) {
  // A kubelet looks once in a second: what it sees of a container that ends at once is chance.
  private static final Set<String> PASSING = Set.of("running", "Running", "True");

  /**
   * Sentences in order.
   *
   * @param again one of them was said more than once, so that their order says little
   */
  record Said(List<String> sentences, boolean again) {
    Said sorted() {
      return new Said(sentences.stream().sorted().toList(), true);
    }
  }

  /** Makes the story of what two watches showed, and of the events in the end. */
  static JobStory of(
      List<JsonNode> jobs, List<JsonNode> pods, List<JsonNode> events, UnaryOperator<String> text) {
    var writer = new Writer(text);
    jobs.forEach(writer::job);
    pods.forEach(writer::pod);
    events.forEach(writer::event);
    return new JobStory(writer.courses, writer.events);
  }

  /**
   * Without what chance decides and the other therefore may not have: states that pass by, an order
   * of repeated events, and, when it goes on for ever, how often it was in each state.
   */
  JobStory as(JobStory other, boolean endless) {
    var alike = new TreeMap<String, List<String>>();
    courses.forEach(
        (name, course) -> {
          var others = other.courses.getOrDefault(name, List.of());
          var kept = new ArrayList<String>();
          for (var state : course) {
            boolean chance = PASSING.contains(state) && !others.contains(state);
            boolean same = !kept.isEmpty() && kept.getLast().equals(state);
            if (!chance && !same) {
              kept.add(state);
            }
          }
          alike.put(name, endless ? kept.stream().distinct().sorted().toList() : kept);
        });
    var said = new TreeMap<String, Said>();
    events.forEach(
        (who, what) -> {
          var others = other.events.getOrDefault(who, what);
          said.put(who, what.again() || others.again() ? what.sorted() : what);
        });
    return new JobStory(alike, said);
  }

  private static final class Writer {
    private final UnaryOperator<String> text;
    private final Map<String, List<String>> courses = new TreeMap<>();
    private final Map<String, Said> events = new TreeMap<>();
    private final Map<String, String> pods = new HashMap<>();

    Writer(UnaryOperator<String> text) {
      this.text = text;
    }

    void job(JsonNode job) {
      var conditions = new ArrayList<String>();
      job.at("/status/conditions")
          .forEach(each -> conditions.add(each.path("type").asText() + because(each)));
      add("job conditions", String.join(", ", conditions));
      var counts = new ArrayList<String>();
      for (var count : List.of("failed", "succeeded")) {
        if (job.path("status").has(count)) {
          counts.add(count + "=" + job.path("status").path(count).asText());
        }
      }
      add("job counts", String.join(" ", counts));
    }

    void pod(JsonNode object) {
      var pod =
          pods.computeIfAbsent(object.at("/metadata/name").asText(), _ -> "pod " + pods.size());
      var status = object.path("status");
      add(pod + " phase", status.path("phase").asText() + because(status));
      for (var condition : status.path("conditions")) {
        add(
            pod + " " + condition.path("type").asText(),
            condition.path("status").asText() + because(condition));
      }
      for (var field : List.of("initContainerStatuses", "containerStatuses")) {
        for (var container : status.path(field)) {
          var state = container.path("state").properties().iterator().next();
          var code = state.getValue().path("exitCode").asText("");
          add(
              pod + " container " + container.path("name").asText(),
              state.getKey() + (code.isEmpty() ? "" : " " + code) + because(state.getValue()));
        }
      }
    }

    private void add(String name, String state) {
      var course = courses.computeIfAbsent(name, _ -> new ArrayList<>());
      if (!state.isEmpty() && (course.isEmpty() || !course.getLast().equals(state))) {
        course.add(state);
      }
    }

    private String because(JsonNode node) {
      var reason = node.path("reason").asText("");
      var message = node.path("message").asText("");
      return (reason.isEmpty() ? "" : " " + reason)
          + (message.isEmpty() ? "" : ": " + comparable(message));
    }

    void event(JsonNode event) {
      var reason = event.path("reason").asText();
      if (reason.equals("Pulling")) {
        return; // whether the node has the image already is no matter here
      }
      var sentence =
          "%s %s of %s %s: %s"
              .formatted(
                  event.path("type").asText(),
                  reason,
                  event.at("/involvedObject/kind").asText(),
                  event.at("/involvedObject/fieldPath").asText(""),
                  comparable(event.path("message").asText()));
      var source = event.at("/source/component").asText("");
      events.merge(
          source.isEmpty() ? event.path("reportingComponent").asText() : source,
          new Said(List.of(sentence), event.path("count").asInt() > 1),
          Writer::together);
    }

    private static Said together(Said before, Said next) {
      boolean again = before.sentences().containsAll(next.sentences());
      var all = new ArrayList<>(before.sentences());
      if (!again) {
        all.addAll(next.sentences());
      }
      return new Said(all, again || before.again() || next.again());
    }

    private String comparable(String message) {
      return text.apply(message)
          .replace("(combined from similar events): ", "")
          .replaceAll("\\bbuild-[a-z0-9]{5}\\b", "build-*")
          .replaceAll("to (node-1|embedded)$", "to node")
          .replaceAll("(Successfully pulled|Container) image (\"[^\"]+\") .*", "$2 is there");
    }
  }
}
