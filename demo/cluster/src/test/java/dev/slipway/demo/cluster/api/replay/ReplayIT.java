package dev.slipway.demo.cluster.api.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.ClusterExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API against the recordings. What is known to differ stands in {@code known-differences.txt},
 * each with its reason; an entry that no longer differs fails the test too.
 */
class ReplayIT {
  private static final Logger log = LoggerFactory.getLogger(ReplayIT.class);

  @RegisterExtension static final ClusterExtension cluster = ClusterExtension.apiOnly();

  @Test
  void answersAsTheRealServerDid() throws Exception {
    var section = Recordings.section("a-api");
    for (var namespace : List.of("t", "t2")) {
      assertThat(cluster.kubectl("create", "namespace", namespace).exitCode()).isZero();
    }
    var known = knownDifferences();
    var replay = new Replay(cluster.cluster());
    var surprises = new ArrayList<String>();
    var counts = new TreeMap<String, int[]>();
    for (var exchange : Recordings.exchanges(section)) {
      var part = exchange.name().split("/", -1)[0];
      if (!counts.containsKey(part)) {
        replay.prepare(part);
      }
      var count = counts.computeIfAbsent(part, _ -> new int[3]);
      if (known.getOrDefault(exchange.name(), "").startsWith("not sent")) {
        count[1]++;
        continue;
      }
      var differences = replay.differences(exchange);
      boolean expected = known.containsKey(exchange.name());
      count[differences.isEmpty() ? 0 : expected ? 1 : 2]++;
      if (differences.isEmpty() == expected) {
        surprises.add(
            exchange.name()
                + (expected
                    ? ": listed as different, but matches"
                    : ":\n  " + String.join("\n  ", differences)));
      }
    }
    log.info("{}", table(counts));
    assertThat(surprises).as(String.join("\n", surprises)).isEmpty();
  }

  private static String table(Map<String, int[]> counts) {
    var table = new StringBuilder("a-api          same  known  new\n");
    counts.forEach(
        (section, count) ->
            table.append("%-14s %4d %6d %4d%n".formatted(section, count[0], count[1], count[2])));
    return table.toString();
  }

  private static Map<String, String> knownDifferences() {
    var known = new TreeMap<String, String>();
    try (var file = ReplayIT.class.getResourceAsStream("known-differences.txt")) {
      if (file != null) {
        new String(file.readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(line -> line.split(": ", 2))
            .forEach(parts -> known.put(parts[0], parts[1]));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the known differences", e);
    }
    return known;
  }
}
