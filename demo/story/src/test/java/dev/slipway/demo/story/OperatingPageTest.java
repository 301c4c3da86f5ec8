package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.check.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the sentences that docs/operating.md quotes against the code that says them. */
class OperatingPageTest {
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

  /** What OpenSSH says by itself. */
  private static final List<String> OF_OPENSSH =
      List.of(
          "Permission denied (publickey).",
          "REMOTE HOST IDENTIFICATION HAS CHANGED!",
          "Connection refused",
          "Connection timed out");

  @Test
  void everySentenceOfAPushIsOneThatTheCodeSays() throws IOException {
    String code = code();
    List<String> sentences =
        rows("What the pusher sees").flatMap(row -> quoted(row.getFirst())).toList();

    assertThat(sentences).hasSizeGreaterThan(30).containsAll(OF_OPENSSH);
    assertThat(sentences)
        .filteredOn(sentence -> !OF_OPENSSH.contains(sentence))
        .flatMap(OperatingPageTest::parts)
        .allSatisfy(part -> assertThat(code.contains(part)).as(part).isTrue());
  }

  @Test
  void everyConditionIsExplainedByReasonsThatThereAre() throws IOException {
    String code = code();
    List<List<String>> rows = rows("What a Remote says").skip(2).toList();

    assertThat(rows)
        .extracting(row -> quoted(row.getFirst()).findFirst().orElse(""))
        .containsExactlyElementsOf(Stream.of(Topic.values()).map(Topic::name).toList());
    assertThat(rows)
        .flatExtracting(row -> quoted(row.get(1)).toList())
        .isNotEmpty()
        .allSatisfy(reason -> assertThat(code).contains("\"" + reason + "\""));
  }

  /** What stands between the ellipses, each in some literal. */
  private static List<String> parts(String sentence) {
    List<String> parts = new ArrayList<>();
    for (String part : sentence.split("…", -1)) {
      String bare = part.replaceAll("^[^\\p{L}\"-]+|[^\\p{L}\"-]+$", "");
      if (bare.length() > 4) {
        parts.add(bare);
      }
    }
    return parts;
  }

  private static Stream<String> quoted(String cell) {
    return QUOTED.matcher(cell).results().map(MatchResult::group).map(it -> it.replace("`", ""));
  }

  /** The rows of all tables of a chapter, by their cells. */
  private static Stream<List<String>> rows(String chapter) throws IOException {
    String page = Files.readString(SharedSlipway.HOME.resolve("docs/operating.md"));
    String text = page.split("(?m)^## " + chapter + "$", 2)[1].split("(?m)^## ", 2)[0];
    return text.lines()
        .filter(line -> line.startsWith("|"))
        .map(line -> List.of(line.substring(1).split("\\|", -1)));
  }

  /** All that the product says, with literals of several lines in one. */
  private static String code() throws IOException {
    StringBuilder code = new StringBuilder();
    for (String module : List.of("crd", "controller", "gitd", "hooks")) {
      try (Stream<Path> files = Files.walk(SharedSlipway.HOME.resolve(module + "/src/main/java"))) {
        for (Path file : files.filter(it -> it.toString().endsWith(".java")).toList()) {
          code.append(Files.readString(file).replaceAll("\"\\s*\\n\\s*\\+ \"", ""));
        }
      }
    }
    return code.toString().replace("\\\"", "\"");
  }
}
