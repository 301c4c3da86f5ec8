package dev.slipway.demo.cluster.node.pod;

import java.time.Duration;

/** Ends a pod that has been active for longer than it may be. */
final class Deadline {
  private static final String MESSAGE =
      "Pod was active on the node longer than the specified deadline";

  private Deadline() {}

  /** Watches from now on, until the thread is interrupted. */
  static Thread watch(PodHost host, PodRecord record, Stop stop) {
    return Thread.ofVirtual()
        .name("deadline")
        .start(
            () -> {
              var seconds = record.pod().getSpec().getActiveDeadlineSeconds();
              if (seconds == null) {
                return;
              }
              var end = record.startTime().plusSeconds(seconds);
              try {
                Thread.sleep(Duration.between(host.clock().instant(), end));
              } catch (InterruptedException e) {
                return;
              }
              if (record.fail("DeadlineExceeded", MESSAGE)) {
                host.events().tell(record.pod(), "", "Normal", "DeadlineExceeded", MESSAGE);
                var grace = record.pod().getSpec().getTerminationGracePeriodSeconds();
                stop.ask(Duration.ofSeconds(grace == null ? 30 : grace));
              }
            });
  }
}
