package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.BenchRow;
import dev.slipway.demo.cluster.BenchRow.Goal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Reports how long a whole push takes, from git's start to its end, and how long the same build and
 * rollout take somebody with kubectl; by turns. {@code make bench}
 */
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
    Playground playground = Playground.layOut("whole-push", shared);
    playground.letGitdAskTheRegistry();
    Checkout checkout =
        playground
            .checkout()
            .write(
                "Dockerfile",
                """
                FROM busybox:stable
                RUN echo tools > /tools
                COPY page/ /srv/
                CMD ["httpd", "-f", "-p", "8080", "-h", "/srv"]
                """)
            .write("page/index.html", "first");
    checkout.commit("first");
    push(checkout);
    try (ByHand hand = ByHand.after(playground, shared.installation().cluster(), checkout)) {
      compare("whole push, tiny image, warm node", playground, checkout, hand);
      playground.kubectl(
          "annotate",
          "namespace",
          playground.namespace(),
          "embedded-cluster/job-delay-seconds=" + REAL_DELAY_SECONDS);
      compare("the same, Jobs as late as on a real cluster", playground, checkout, hand);
    }
  }

  private static void compare(String what, Playground playground, Checkout checkout, ByHand hand)
      throws Exception {
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      String pushed = "%s, pushed %d".formatted(what, round);
      String byHand = "%s, by hand %d".formatted(what, round);
      if (round % 2 == 0) {
        ours.add(byPush(pushed, playground, checkout));
      }
      theirs.add(byHand(byHand, playground, checkout, hand));
      if (round % 2 == 1) {
        ours.add(byPush(pushed, playground, checkout));
      }
    }
    BenchRow.compared(what, "s", ours, "kubectl by hand", theirs, Goal.atMost(0.65)).report();
  }

  private static double byPush(String page, Playground playground, Checkout checkout)
      throws Exception {
    checkout.write("page/index.html", page).commit(page);
    double seconds = seconds(() -> push(checkout));
    playground.awaitPage(page);
    return seconds;
  }

  private static double byHand(String page, Playground playground, Checkout checkout, ByHand hand)
      throws Exception {
    checkout.write("page/index.html", page).commit(page);
    hand.prepare(checkout);
    double seconds = seconds(hand::run);
    playground.awaitPage(page);
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
