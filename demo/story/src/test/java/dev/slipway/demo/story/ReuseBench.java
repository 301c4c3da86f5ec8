package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.BenchRow;
import dev.slipway.demo.cluster.BenchRow.Goal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Reports how long a push takes whose image is unchanged, and the same push when it is built; by
 * turns, from the pack that is received to the ref that has moved. {@code make bench}
 */
@Isolated("measures")
@ExtendWith(SharedSlipway.Resolver.class)
class ReuseBench {
  private static final int ROUNDS = 5;
  private static final Pattern TIME = Pattern.compile("=====> Deployed .* in ([0-9.]+) s");

  @Test
  void printsItsRow(SharedSlipway shared) throws Exception {
    TinyPage page = TinyPage.layOut("reuse", shared);
    push(page, "pushed ");
    List<Double> built = new ArrayList<>();
    List<Double> unchanged = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      page.change("page " + i);
      built.add(push(page, "cached: RUN echo tools > /tools"));
      page.checkout().commit("unchanged");
      unchanged.add(push(page, "unchanged since "));
    }
    BenchRow.alone("unchanged image, pack received to ref accepted", "s", unchanged, Goal.atMost(1))
        .report();
    BenchRow.compared(
            "the same, against a changed image", "s", unchanged, "built", built, Goal.atMost(1))
        .report();
  }

  private static double push(TinyPage page, String words) {
    Stage.Result push = page.checkout().push(line -> {});
    Matcher time = TIME.matcher(push.text());
    assertThat(push.text()).contains(words).containsPattern(TIME);
    return time.find() ? Double.parseDouble(time.group(1)) : 0;
  }
}
