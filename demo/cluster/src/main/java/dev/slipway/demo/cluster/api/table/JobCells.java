package dev.slipway.demo.cluster.api.table;

import dev.slipway.demo.cluster.api.object.ApiObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The cells of a Job: how it stands, how far it is, how long it took. */
final class JobCells {
  private JobCells() {}

  static String status(ApiObject job) {
    for (var end : List.of("Complete", "Failed")) {
      if (is(job, end)) {
        return end;
      }
    }
    if (job.deleting()) {
      return "Terminating";
    }
    for (var onTheWay : List.of("Suspended", "FailureTarget", "SuccessCriteriaMet")) {
      if (is(job, onTheWay)) {
        return onTheWay;
      }
    }
    return "Running";
  }

  private static boolean is(ApiObject job, String condition) {
    return Cells.condition(job, condition).equals("True");
  }

  static String completions(ApiObject job) {
    return Cells.number(job, ".status.succeeded") + "/" + job.at("/spec/completions").asInt(1);
  }

  static String duration(ApiObject job, Instant now) {
    var started = job.text("/status/startTime");
    var ended = job.text("/status/completionTime");
    if (started.isEmpty()) {
      return "";
    }
    var end = ended.isEmpty() ? now : Instant.parse(ended);
    return HumanDuration.of(Duration.between(Instant.parse(started), end));
  }
}
