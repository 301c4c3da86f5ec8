package dev.slipway.demo.cluster.api.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.cluster.ClusterExtension;
import dev.slipway.demo.cluster.api.replay.Comparison.Difference;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The recorded commands with the kubectl of this machine: what it prints and how it ends. */
class KubectlReplayIT {
  private static final Logger log = LoggerFactory.getLogger(KubectlReplayIT.class);
  private static final String SECTION = "g-kubectl";
  private static final Pattern ARGUMENT = Pattern.compile("\\S+\\{[^}]*}\\S*|\\{.*}|\\S+");

  /** Times, ages, uids, versions, random and hashed names, addresses, numbers of processes. */
  private static final List<Pattern> BY_CHANCE =
      List.of(
          Pattern.compile("\\d{4}-\\d\\d-\\d\\d[T ][\\d:.]+( \\+0000|Z)"),
          Pattern.compile("\\w{3}, \\d\\d \\w{3} \\d{4} [\\d:]+ \\+0000"),
          Pattern.compile("(?<=\\s)(\\d+[smhd]){1,2}(?=\\s|$)"),
          Pattern.compile("\\p{XDigit}{8}-(\\p{XDigit}{4}-){3}\\p{XDigit}{12}"),
          Pattern.compile("(?i)(?<=resource ?version: {1,9})\"?\\d+\"?"),
          Pattern.compile("(?<=(LIVE|MERGED)-)\\d+"),
          Pattern.compile("(?<=web-)[0-9a-z]{8,10}\\b"),
          Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+"));

  @RegisterExtension static final ClusterExtension cluster = ClusterExtension.apiOnly();

  @Test
  void kubectlSaysWhatItSaysOfARealServer() throws Exception {
    var known = KnownDifferences.read();
    assertThat(cluster.kubectl("create", "namespace", "shop").exitCode()).isZero();
    var definition = Recordings.read("a-api", "crd/03-create.json").at("/request/body").toString();
    var kubectl = cluster.cluster().kubectl();
    assertThat(kubectl.runWithInput(definition, "create", "-f", "-").exitCode()).isZero();
    for (var file : Recordings.files(SECTION)) {
      var name = SECTION + "/" + file;
      if (known.leavesOut(name).isEmpty()) {
        var recorded = Recordings.read(SECTION, file);
        var result = kubectl.runWithInput(recorded.path("stdin").asText(""), arguments(recorded));
        var differences = new ArrayList<Difference>();
        if (result.exitCode() != recorded.path("exit_code").asInt()) {
          differences.add(
              new Difference(
                  "exit code", result.exitCode() + " " + result.errors() + result.output()));
        }
        compare("stdout", recorded.path("stdout"), result.output(), differences);
        compare("stderr", recorded.path("stderr"), result.errors(), differences);
        known.judge(name, differences);
      }
    }
    log.info("\n{}", known.table());
    var failures = known.failures(List.of(SECTION));
    assertThat(failures).as("%s", String.join("\n", failures)).isEmpty();
  }

  private static String[] arguments(JsonNode recorded) {
    var arguments = new ArrayList<>(List.of("--namespace=shop"));
    ARGUMENT
        .matcher(recorded.path("command").asText().substring("kubectl ".length()))
        .results()
        .forEach(found -> arguments.add(found.group()));
    return arguments.toArray(String[]::new);
  }

  private static void compare(
      String place, JsonNode recorded, String given, List<Difference> differences) {
    var lines = new ArrayList<String>();
    recorded.forEach(line -> lines.add(line.asText()));
    var expected = normal(String.join("\n", lines));
    var answered = normal(given);
    if (!expected.equals(answered)) {
      differences.add(
          new Difference(place, "\n--- here\n" + answered + "\n--- recorded\n" + expected));
    }
  }

  private static String normal(String text) {
    var normal = text;
    for (var pattern : BY_CHANCE) {
      normal = pattern.matcher(normal).replaceAll("…");
    }
    // Columns are as wide as what is in them.
    return normal.replaceAll(" {2,}", "  ").strip();
  }
}
