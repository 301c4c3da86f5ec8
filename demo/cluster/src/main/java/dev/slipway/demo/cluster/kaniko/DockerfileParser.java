package dev.slipway.demo.cluster.kaniko;

import dev.slipway.demo.cluster.kaniko.Dockerfile.Instruction;
import dev.slipway.demo.cluster.kaniko.Dockerfile.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads a Dockerfile; words its failures as Kaniko's parser does. */
final class DockerfileParser {
  private static final List<String> KEYWORDS =
      List.of(
          """
          ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN
          SHELL STOPSIGNAL USER VOLUME WORKDIR
          """
              .strip()
              .split("\\s+", -1));

  private final List<String> lines;
  private int next;

  private DockerfileParser(String text) {
    this.lines = text.lines().toList();
  }

  static Dockerfile parse(String text) throws BuildFailed {
    var all = new DockerfileParser(text).instructions();
    if (all.isEmpty()) {
      throw failure("file with no instructions");
    }
    int first = 0;
    while (first < all.size() && all.get(first).keyword().equals("ARG")) {
      first++;
    }
    if (first == all.size() || !all.get(first).keyword().equals("FROM")) {
      throw failure("no build stage in current context");
    }
    var stages = new ArrayList<Stage>();
    for (int from = first; from < all.size(); ) {
      int end = from + 1;
      while (end < all.size() && !all.get(end).keyword().equals("FROM")) {
        end++;
      }
      stages.add(stage(all.get(from), all.subList(from + 1, end)));
      from = end;
    }
    return new Dockerfile(all.subList(0, first), stages);
  }

  private static Stage stage(Instruction from, List<Instruction> instructions) {
    var words = from.words();
    boolean named = words.size() == 3 && words.get(1).equalsIgnoreCase("AS");
    return new Stage(
        words.isEmpty() ? "" : words.getFirst(),
        named ? Optional.of(words.get(2)) : Optional.empty(),
        instructions);
  }

  private List<Instruction> instructions() throws BuildFailed {
    var all = new ArrayList<Instruction>();
    while (next < lines.size()) {
      int number = next + 1;
      var line = lines.get(next++).strip();
      if (!isSkipped(line)) {
        all.add(instruction(continued(line), number));
      }
    }
    return all;
  }

  /** A comment or an empty line inside an instruction does not end it. */
  private String continued(String first) {
    var whole = new StringBuilder(first);
    while (whole.length() > 0 && whole.charAt(whole.length() - 1) == '\\' && next < lines.size()) {
      whole.setLength(whole.length() - 1);
      while (next < lines.size() && isSkipped(lines.get(next))) {
        next++;
      }
      whole.append(next < lines.size() ? lines.get(next++).stripTrailing() : "");
    }
    return whole.toString();
  }

  private static boolean isSkipped(String line) {
    return line.isBlank() || line.stripLeading().startsWith("#");
  }

  private static Instruction instruction(String line, int number) throws BuildFailed {
    var parts = line.split("\\s+", 2);
    var keyword = parts[0].toUpperCase(Locale.ROOT);
    if (!KEYWORDS.contains(keyword)) {
      throw failure(
          "dockerfile parse error on line %d: unknown instruction: %s%s"
              .formatted(number, parts[0], suggestion(keyword)));
    }
    return new Instruction(keyword, parts.length == 2 ? parts[1].strip() : "");
  }

  private static String suggestion(String wrong) {
    return KEYWORDS.stream()
        .min(Comparator.comparingInt(keyword -> distance(wrong, keyword)))
        .filter(keyword -> distance(wrong, keyword) <= 2)
        .map(keyword -> " (did you mean " + keyword + "?)")
        .orElse("");
  }

  /** Levenshtein's. */
  private static int distance(String a, String b) {
    var row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }

  private static BuildFailed failure(String why) {
    return BuildFailed.building("parsing dockerfile: " + why);
  }
}
