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

/**
 * Reports how long a push takes whose image is unchanged, and the same push when it is built; by
 * turns, from the pack that is received to the ref that has moved. {@code make bench}
 */
@ExtendWith(SharedSlipway.Resolver.class)
class ReuseBench {
  private static final int ROUNDS = 5;
  private static final Pattern TIME = Pattern.compile("=====> Deployed .* in ([0-9.]+) s");

  @Test
  void printsItsRow(SharedSlipway shared) throws Exception {
    Playground playground = Playground.layOut("reuse", shared);
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
    push(checkout, "pushed ");
    List<Double> built = new ArrayList<>();
    List<Double> unchanged = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      checkout.write("page/index.html", "page " + i).commit("changed");
      built.add(push(checkout, "cached: RUN echo tools > /tools"));
      checkout.commit("unchanged");
      unchanged.add(push(checkout, "unchanged since "));
    }
    BenchRow.alone("unchanged image, pack received to ref accepted", "s", unchanged, Goal.atMost(1))
        .report();
    BenchRow.compared(
            "the same, against a changed image", "s", unchanged, "built", built, Goal.atMost(1))
        .report();
  }

  private static double push(Checkout checkout, String words) {
    Stage.Result push = checkout.push(line -> {});
    Matcher time = TIME.matcher(push.text());
    assertThat(push.text()).contains(words).containsPattern(TIME);
    return time.find() ? Double.parseDouble(time.group(1)) : 0;
  }
}
