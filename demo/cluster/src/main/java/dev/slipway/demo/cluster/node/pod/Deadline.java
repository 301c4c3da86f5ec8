package dev.slipway.demo.cluster.node.pod;

import dev.slipway.demo.cluster.process.Interruptible;
import java.time.Duration;

/** Ends a pod that has been active for longer than it may be. */
final class Deadline {
  private static final String MESSAGE =
      "Pod was active on the node longer than the specified deadline";

  /** How long a change of the deadline, which the API allows, may go unseen. */
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private Deadline() {}

  /** Watches from now on, until the pod shall end or the thread is interrupted. */
  static Thread watch(PodHost host, PodRecord record, Stop stop) {
    return Interruptible.start(
        "deadline",
        () -> {
          var left = left(host, record);
          while (left.isPositive()) {
            if (stop.isAskedWithin(left.compareTo(PERIOD) < 0 ? left : PERIOD)) {
              return;
            }
            left = left(host, record);
          }
          if (record.fail("DeadlineExceeded", MESSAGE)) {
            host.events().tell(record.pod(), "", "Normal", "DeadlineExceeded", MESSAGE);
            var grace = record.pod().getSpec().getTerminationGracePeriodSeconds();
            stop.ask(Duration.ofSeconds(grace == null ? 30 : grace));
          }
        });
  }

  private static Duration left(PodHost host, PodRecord record) {
    var seconds = record.pod().getSpec().getActiveDeadlineSeconds();
    return seconds == null
        ? PERIOD
        : Duration.between(host.clock().instant(), record.startTime().plusSeconds(seconds));
  }
}
