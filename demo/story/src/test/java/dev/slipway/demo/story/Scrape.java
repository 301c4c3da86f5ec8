package dev.slipway.demo.story;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Metrics, as a process answers them in Prometheus' text format, or as docs/metrics.md says. */
record Scrape(Map<String, Family> families) {
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(\\w+)` \\| (\\w+) \\|([^|]*)\\| .+ \\|$");
  private static final Pattern CODE = Pattern.compile("`(\\w+)`");

  /** How one metric is written down. */
  record Family(String type, Set<String> labels) {}

  static Scrape of(String text) {
    Map<String, Family> families = new TreeMap<>();
    TYPE.matcher(text)
        .results()
        .sorted(Comparator.comparing((MatchResult it) -> it.group(1)))
        .forEach(
            type -> {
              String name = type.group(1);
              String base = name.replaceFirst("_max$", "");
              if (!families.containsKey(base)) {
                families.put(name, new Family(type(type.group(2)), labels(text, name)));
              }
            });
    return new Scrape(families);
  }

  /** The tables of a page. */
  static Scrape documented(Path page) throws IOException {
    return new Scrape(
        ROW.matcher(Files.readString(page))
            .results()
            .collect(
                Collectors.toMap(
                    it -> it.group(1),
                    it -> new Family(it.group(2), all(CODE.matcher(it.group(3)))))));
  }

  Scrape only(String prefix) {
    return new Scrape(
        families.entrySet().stream()
            .filter(it -> it.getKey().startsWith(prefix))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  /** What both hold. */
  Scrape and(Scrape other) {
    var both = new TreeMap<>(families);
    both.putAll(other.families);
    return new Scrape(both);
  }

  /** Micrometer's timers without buckets are summaries without quantiles. */
  private static String type(String type) {
    return type.equals("summary") ? "timer" : type;
  }

  private static Set<String> labels(String text, String family) {
    List<String> samples =
        text.lines().filter(it -> it.matches(family + "(_bucket|_count|_sum)?[ {].*")).toList();
    Set<String> labels = all(LABEL.matcher(String.join("\n", samples)));
    labels.remove("le");
    return labels;
  }

  private static Set<String> all(Matcher matcher) {
    return matcher.results().map(it -> it.group(1)).collect(Collectors.toCollection(TreeSet::new));
  }
}
