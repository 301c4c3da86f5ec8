package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.demo.cluster.BenchRow;
import dev.slipway.demo.cluster.BenchRow.Goal;
import dev.slipway.demo.cluster.real.RealApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
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
    Assumptions.assumeFalse(RealApi.isWanted(), "a real API takes no endpoint on loopback");
    Playground playground = Playground.layOut("reuse", shared);
    String inside = serve(playground, shared.installation().registry());
    playground.patch(
        "{\"spec\": {\"registry\": {\"url\": \"%s\", \"pullUrl\": \"%s\", \"insecure\": true}}}"
            .formatted(inside, shared.installation().registry()));
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

  /** Gives the registry, which is on the host's loopback, an address that pods reach. */
  private static String serve(Playground playground, String registry) {
    playground.apply(
        """
        apiVersion: v1
        kind: Endpoints
        metadata: {name: registry}
        subsets: [{addresses: [{ip: 127.0.0.1}], ports: [{port: %d}]}]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: registry}
        spec: {ports: [{port: 5000}]}
        """
            .formatted(URI.create("http://" + registry).getPort()));
    String host = playground.value("service", "registry", "{.spec.clusterIP}") + ":5000";
    await()
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptions()
        .until(() -> status(host), status -> status == 200);
    return host;
  }

  private static int status(String registry) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://" + registry + "/v2/")).build(),
              BodyHandlers.discarding())
          .statusCode();
    }
  }
}
