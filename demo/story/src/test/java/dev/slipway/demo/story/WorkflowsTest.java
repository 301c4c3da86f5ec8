package dev.slipway.demo.story;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** What GitHub runs is what a developer runs, with actions that nobody can change. */
class WorkflowsTest {
  private static final Pattern TARGET = Pattern.compile("(?m)^([a-z0-9-]+):");
  private static final Pattern MAKE = Pattern.compile("\\bmake ([a-z0-9-]+)");

  static List<Path> workflows() throws IOException {
    try (Stream<Path> files = Files.list(SharedSlipway.HOME.resolve(".github/workflows"))) {
      return files.toList();
    }
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void everyActionIsPinnedToACommit(Path workflow) throws IOException {
    assertThat(values(workflow, "uses"))
        .isNotEmpty()
        .allSatisfy(action -> assertThat(action).matches("[\\w./-]+@[0-9a-f]{40}"));
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void everyCommandIsInTheMakefile(Path workflow) throws IOException {
    Set<String> targets =
        words(TARGET, Files.readString(SharedSlipway.HOME.resolve("Makefile"))).collect(toSet());
    assertThat(values(workflow, "run"))
        .isNotEmpty()
        .allSatisfy(command -> assertThat(words(MAKE, command)).isNotEmpty().isSubsetOf(targets));
  }

  private static Stream<String> words(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult it) -> it.group(1));
  }

  /** Everywhere in the file. */
  private static List<String> values(Path workflow, String key) throws IOException {
    JsonNode jobs =
        new ObjectMapper().valueToTree(new Yaml().<Object>load(Files.readString(workflow)));
    return jobs.findValuesAsText(key);
  }
}
