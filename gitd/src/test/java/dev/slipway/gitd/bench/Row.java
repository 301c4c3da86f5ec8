package dev.slipway.gitd.bench;

import java.util.List;
import java.util.Locale;

/**
 * One line of the table: the same thing measured here and there.
 *
 * @param unit what both numbers count, for example {@code s}
 * @param ours median
 * @param theirs median; NaN where nothing is there to compare with
 * @param goal the most that {@link #value} may be
 */
record Row(String what, String unit, double ours, double theirs, double goal) {
  static final String HEADER =
      "| what | gitd | OpenSSH + C git | ratio | goal |\n| --- | --- | --- | --- | --- |";

  static Row compared(
      String what, String unit, List<Double> ours, List<Double> theirs, double goal) {
    return new Row(what, unit, median(ours), median(theirs), goal);
  }

  /** The ratio, or what is ours alone. */
  double value() {
    return Double.isNaN(theirs) ? ours : ours / theirs;
  }

  /** Of an odd number of values. */
  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  @Override
  public String toString() {
    boolean alone = Double.isNaN(theirs);
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | ≤ %s%s |",
        what,
        number(ours) + " " + unit,
        alone ? "–" : number(theirs) + " " + unit,
        alone ? "–" : String.format(Locale.ROOT, "%.2f", value()),
        alone ? number(goal) + " " + unit : String.format(Locale.ROOT, "%.2f", goal),
        value() <= goal ? "" : ", missed");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
  }
}
