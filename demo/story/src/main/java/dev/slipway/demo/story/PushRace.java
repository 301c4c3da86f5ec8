package dev.slipway.demo.story;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.demo.cluster.BenchRow;
import dev.slipway.demo.cluster.BenchRow.Goal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings changes of one small image to a cluster, by {@code git push} and by hand in turns, and
 * takes the times from the first command to the end of the last one.
 *
 * @param repository the checkout that is pushed to Remote {@code dev}
 * @param path the folder in it that is built for Deployment {@code web}, empty for all
 * @param page the file below it that changes
 */
record PushRace(Stage stage, Path repository, String path, String page, String namespace) {
  private static final double GOAL = 0.65;

  private interface Way {
    void deploy() throws IOException, InterruptedException;
  }

  /**
   * Runs it.
   *
   * @param what names its row, and what is deployed
   */
  BenchRow run(String what, int rounds) throws IOException, InterruptedException {
    change(what);
    push();
    ByHand hand = new ByHand(stage, repository, path, namespace);
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      if (round % 2 == 0) {
        ours.add(seconds(hand, what + ", pushed " + round, () -> {}, this::push));
      }
      theirs.add(seconds(hand, what + ", by hand " + round, hand::prepare, hand::run));
      if (round % 2 == 1) {
        ours.add(seconds(hand, what + ", pushed " + round, () -> {}, this::push));
      }
    }
    return BenchRow.compared(what, "s", ours, "kubectl by hand", theirs, Goal.atMost(GOAL));
  }

  private void push() {
    String push = stage.done(repository, "git", "push", "dev", "master");
    Story.check(push.contains("=====> Deployed "), "the push deploys");
  }

  private double seconds(ByHand hand, String text, Way before, Way way)
      throws IOException, InterruptedException {
    change(text);
    before.deploy();
    long start = System.nanoTime();
    way.deploy();
    double seconds = (System.nanoTime() - start) / 1e9;
    stage.print("%.2f s: %s".formatted(seconds, text));
    Story.check(hand.image().contains(hand.head()), "the Deployment runs what was built");
    return seconds;
  }

  private void change(String text) throws IOException {
    Path file = repository.resolve(path).resolve(page);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    stage.done(repository, "git", "add", "-A");
    stage.done(repository, "git", "commit", "-q", "-m", text);
  }

  /** Where the time of the pushes went, as their lines in the log of gitd have it. */
  List<String> phases() throws IOException {
    ObjectMapper json = new ObjectMapper();
    Map<String, List<Double>> seconds = new LinkedHashMap<>();
    String log =
        stage.done(
            repository, "kubectl", "logs", "--namespace=" + namespace, "deployment/dev-gitd");
    for (String line : log.lines().toList()) {
      JsonNode push = line.startsWith("{") ? json.readTree(line) : json.missingNode();
      if (push.path("message").asText().equals("push")) {
        seconds.computeIfAbsent("all", _ -> new ArrayList<>()).add(push.path("seconds").asDouble());
        push.path("phases")
            .properties()
            .forEach(
                phase ->
                    seconds
                        .computeIfAbsent(phase.getKey(), _ -> new ArrayList<>())
                        .add(phase.getValue().asDouble()));
      }
    }
    List<String> lines = new ArrayList<>();
    seconds.forEach(
        (phase, all) ->
            lines.add("a push in gitd, %s: %.2f s".formatted(phase, BenchRow.median(all))));
    return lines;
  }
}
