package dev.slipway.demo.story;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Reports how long a whole push takes, from git's start to its end, and how long the same build and
 * rollout take somebody with kubectl. {@code make bench}
 */
@Isolated("measures")
@ExtendWith(SharedSlipway.Resolver.class)
class PushBench {
  private static final int ROUNDS = 5;

  /** From the end of a Job's container to its condition: recorded from Kubernetes 1.34. */
  private static final int REAL_DELAY_SECONDS = 2;

  @Test
  void reportsItsRows(SharedSlipway shared) throws Exception {
    TinyPage page = TinyPage.layOut("whole-push", shared);
    PushRace race = page.race();
    race.run("whole push, tiny image, warm node", ROUNDS).report();
    page.playground()
        .kubectl(
            "annotate",
            "namespace",
            page.playground().namespace(),
            "embedded-cluster/job-delay-seconds=" + REAL_DELAY_SECONDS);
    race.run("the same, Jobs as late as on a real cluster", ROUNDS).report();
    race.phases().forEach(System.out::println);
  }
}
