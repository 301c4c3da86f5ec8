package dev.slipway.demo.cluster.api.table;

import java.time.Duration;

/** Durations as kubectl shows ages: {@code 5s}, {@code 3m20s}, {@code 2d4h}. */
final class HumanDuration {
  private HumanDuration() {}

  static String of(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < -1) {
      return "<invalid>";
    }
    if (seconds < 120) {
      return Math.max(0, seconds) + "s";
    }
    long minutes = seconds / 60;
    if (minutes < 10) {
      return with(minutes, "m", seconds % 60, "s");
    }
    if (minutes < 180) {
      return minutes + "m";
    }
    long hours = minutes / 60;
    if (hours < 8) {
      return with(hours, "h", minutes % 60, "m");
    }
    if (hours < 48) {
      return hours + "h";
    }
    long days = hours / 24;
    if (days < 8) {
      return with(days, "d", hours % 24, "h");
    }
    if (days < 365 * 2) {
      return days + "d";
    }
    long years = days / 365;
    return years < 8 ? with(years, "y", days % 365, "d") : years + "y";
  }

  private static String with(long more, String unit, long less, String lesserUnit) {
    return less == 0 ? more + unit : more + unit + less + lesserUnit;
  }
}
