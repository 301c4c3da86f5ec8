package dev.slipway.demo.cluster.api.replay;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.slipway.demo.cluster.real.RealApi;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges differences by {@code known-differences.yaml}, and counts. What is listed and no longer
 * differs is a failure too, so that the list stays true.
 */
final class KnownDifferences {
  /** The file: exchanges that are not sent, and places of answers that differ, each with why. */
  private record Listed(
      @JsonProperty("left out") List<LeftOut> leftOut, List<Differing> differences) {}

  /**
   * @param api to which API it is not sent; without, to neither
   */
  private record LeftOut(String reason, @Nullable Api api, Set<String> exchanges) {
    boolean isHere() {
      return api == null || api == Api.BOTH || (api == Api.REAL) == RealApi.isWanted();
    }
  }

  /**
   * @param api which API differs there; without, the embedded one
   */
  private record Differing(
      String reason, @Nullable Api api, List<String> places, Set<String> exchanges) {
    boolean isHere() {
      return api == Api.BOTH || (api == Api.REAL) == RealApi.isWanted();
    }

    boolean covers(Comparison.Difference difference) {
      return places.stream().anyMatch(difference.place()::startsWith);
    }
  }

  private enum Api {
    @JsonProperty("real")
    REAL,
    @JsonProperty("both")
    BOTH
  }

  private enum Verdict {
    SAME,
    KNOWN,
    FAILED,
    LEFT_OUT
  }

  private final Listed listed;
  private final Map<String, Map<Verdict, Integer>> counts = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();
  private final Set<String> judged = new HashSet<>();

  private KnownDifferences(Listed listed) {
    this.listed = listed;
  }

  static KnownDifferences read() throws IOException {
    try (var file = KnownDifferences.class.getResourceAsStream("known-differences.yaml")) {
      return new KnownDifferences(new YAMLMapper().readValue(file, Listed.class));
    }
  }

  /** Why an exchange is not sent, if it is not. */
  Optional<String> leavesOut(String exchange) {
    var reason =
        listed.leftOut().stream()
            .filter(each -> each.isHere() && each.exchanges().contains(exchange))
            .map(LeftOut::reason)
            .findFirst();
    reason.ifPresent(_ -> count(exchange, Verdict.LEFT_OUT));
    return reason;
  }

  void judge(String exchange, List<Comparison.Difference> differences) {
    var known =
        listed.differences().stream()
            .filter(each -> each.isHere() && each.exchanges().contains(exchange))
            .toList();
    var surprises = new ArrayList<String>();
    for (var difference : differences) {
      if (known.stream().noneMatch(each -> each.covers(difference))) {
        surprises.add(difference.place() + ": " + difference.what());
      }
    }
    for (var each : known) {
      if (differences.stream().noneMatch(each::covers)) {
        surprises.add("listed, but agrees: " + each.places());
      }
    }
    if (!surprises.isEmpty()) {
      failures.add(exchange + "\n    " + String.join("\n    ", surprises));
    }
    count(
        exchange,
        !surprises.isEmpty() ? Verdict.FAILED : known.isEmpty() ? Verdict.SAME : Verdict.KNOWN);
  }

  private void count(String exchange, Verdict verdict) {
    judged.add(exchange);
    var path = exchange.split("/", -1);
    var part = path.length > 2 ? path[0] + "/" + path[1] : path[0];
    counts.computeIfAbsent(part, _ -> new EnumMap<>(Verdict.class)).merge(verdict, 1, Integer::sum);
  }

  /** Everything that was not expected, also what is listed of these sections and does not exist. */
  List<String> failures(List<String> sections) {
    var all = new ArrayList<>(failures);
    listed.differences().forEach(each -> all.addAll(unknown(each.exchanges(), sections)));
    listed.leftOut().forEach(each -> all.addAll(unknown(each.exchanges(), sections)));
    return all;
  }

  private List<String> unknown(Set<String> exchanges, List<String> sections) {
    return exchanges.stream()
        .filter(each -> !each.contains("#"))
        .filter(each -> sections.contains(each.split("/", -1)[0]) && !judged.contains(each))
        .map(each -> each + " is listed, but there is no such recording")
        .toList();
  }

  /** One line for each part of a section. */
  String table() {
    var table = new StringBuilder("%-20s".formatted(""));
    for (var verdict : Verdict.values()) {
      table.append("%10s".formatted(verdict.name().toLowerCase(Locale.ROOT).replace('_', ' ')));
    }
    counts.forEach(
        (part, count) -> {
          table.append("%n%-20s".formatted(part));
          for (var verdict : Verdict.values()) {
            table.append("%10d".formatted(count.getOrDefault(verdict, 0)));
          }
        });
    for (var each : listed.leftOut().stream().filter(LeftOut::isHere).toList()) {
      long here = each.exchanges().stream().filter(judged::contains).count();
      if (here > 0) {
        table.append("%nleft out %d: %s".formatted(here, each.reason()));
      }
    }
    return table.toString();
  }
}
