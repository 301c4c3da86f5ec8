package dev.slipway.demo.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * One line of the table that {@code make bench} prints at its end.
 *
 * @param unit what the numbers count, for example {@code s}
 * @param ours median
 * @param against what does the same thing in turns with ours, if there is something
 * @param theirs median of it
 * @param goal of the ratio, or of ours where there is nothing to compare with
 */
public record BenchRow(
    String what, String unit, double ours, String against, OptionalDouble theirs, Goal goal) {

  /** What a number ought to be. */
  public record Goal(Bound bound, double value) {
    public static Goal atMost(double value) {
      return new Goal(Bound.AT_MOST, value);
    }

    public static Goal atLeast(double value) {
      return new Goal(Bound.AT_LEAST, value);
    }

    private boolean isMetBy(double measured) {
      return switch (bound) {
        case AT_MOST -> measured <= value;
        case AT_LEAST -> measured >= value;
      };
    }
  }

  /** On which side of a goal the good numbers are. */
  public enum Bound {
    AT_MOST("≤"),
    AT_LEAST("≥");

    private final String sign;

    Bound(String sign) {
      this.sign = sign;
    }
  }

  /** The same thing done by both in turns. */
  public static BenchRow compared(
      String what, String unit, List<Double> ours, String against, List<Double> theirs, Goal goal) {
    return new BenchRow(what, unit, median(ours), against, OptionalDouble.of(median(theirs)), goal);
  }

  /** What nobody else does. */
  public static BenchRow alone(String what, String unit, List<Double> ours, Goal goal) {
    return new BenchRow(what, unit, median(ours), "–", OptionalDouble.empty(), goal);
  }

  /** Prints it, and leaves it for the table. */
  public void report() throws IOException {
    System.out.println(this);
    var table = Files.createDirectories(SourceTree.root().resolve("target")).resolve("bench.md");
    Files.writeString(table, this + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Override
  public String toString() {
    double measured = theirs.isPresent() ? ours / theirs.getAsDouble() : ours;
    var unitOfGoal = theirs.isPresent() ? "" : " " + unit;
    return "| %s | %s %s | %s | %s | %s | %s %s%s%s |"
        .formatted(
            what,
            number(ours),
            unit,
            against,
            theirs.isPresent() ? number(theirs.getAsDouble()) + " " + unit : "–",
            theirs.isPresent() ? number(measured) : "–",
            goal.bound.sign,
            number(goal.value),
            unitOfGoal,
            goal.isMetBy(measured) ? "" : ", missed");
  }

  /** The upper one of the two in the middle, where there are two. */
  public static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
  }
}
