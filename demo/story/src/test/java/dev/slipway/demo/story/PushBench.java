package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.demo.cluster.BenchRow;
import dev.slipway.demo.cluster.BenchRow.Goal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Reports how long a whole push takes, from git's start to its end, and how long the same build and
 * rollout take somebody with kubectl; by turns. {@code make bench}
 */
@Isolated("measures")
@ExtendWith(SharedSlipway.Resolver.class)
class PushBench {
  private static final int ROUNDS = 5;

  /** From the end of a Job's container to its condition: recorded from Kubernetes 1.34. */
  private static final int REAL_DELAY_SECONDS = 2;

  /** Brings HEAD of a checkout to the cluster. */
  private interface Way {
    void deploy() throws Exception;
  }

  @Test
  void reportsItsRow(SharedSlipway shared) throws Exception {
    TinyPage page = TinyPage.layOut("whole-push", shared);
    push(page.checkout());
    try (ByHand hand =
        ByHand.after(page.playground(), shared.installation().cluster(), page.checkout())) {
      compare("whole push, tiny image, warm node", page, hand);
      page.playground()
          .kubectl(
              "annotate",
              "namespace",
              page.playground().namespace(),
              "embedded-cluster/job-delay-seconds=" + REAL_DELAY_SECONDS);
      compare("the same, Jobs as late as on a real cluster", page, hand);
    }
    tellPhases(page.playground());
  }

  /** Prints where the time of the pushes went, as their lines in the log of gitd have it. */
  private static void tellPhases(Playground playground) throws IOException {
    ObjectMapper json = new ObjectMapper();
    Map<String, List<Double>> seconds = new LinkedHashMap<>();
    for (String line : playground.kubectl("logs", "deployment/dev-gitd").lines().toList()) {
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
    seconds.forEach(
        (phase, all) ->
            System.out.printf("a push in gitd, %s: %.2f s%n", phase, BenchRow.median(all)));
  }

  private static void compare(String what, TinyPage page, ByHand hand) throws Exception {
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      String pushed = "%s, pushed %d".formatted(what, round);
      String byHand = "%s, by hand %d".formatted(what, round);
      if (round % 2 == 0) {
        ours.add(byPush(pushed, page));
      }
      theirs.add(byHand(byHand, page, hand));
      if (round % 2 == 1) {
        ours.add(byPush(pushed, page));
      }
    }
    BenchRow.compared(what, "s", ours, "kubectl by hand", theirs, Goal.atMost(0.65)).report();
  }

  private static double byPush(String text, TinyPage page) throws Exception {
    page.change(text);
    double seconds = seconds(() -> push(page.checkout()));
    page.playground().witness().awaitPage(text);
    return seconds;
  }

  private static double byHand(String text, TinyPage page, ByHand hand) throws Exception {
    page.change(text);
    hand.prepare(page.checkout());
    double seconds = seconds(hand::run);
    page.playground().witness().awaitPage(text);
    return seconds;
  }

  private static void push(Checkout checkout) {
    assertThat(checkout.push(line -> {}).text()).contains("=====> Deployed ");
  }

  private static double seconds(Way way) throws Exception {
    long start = System.nanoTime();
    way.deploy();
    return (System.nanoTime() - start) / 1e9;
  }
}
