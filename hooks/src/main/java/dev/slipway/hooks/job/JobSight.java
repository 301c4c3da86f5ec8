package dev.slipway.hooks.job;

import dev.slipway.hooks.kube.PodTrouble;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that is seen of a Job at one moment.
 *
 * @param job null when it is gone
 * @param pod null when there is none
 * @param podSeen whether there has been one
 * @param events about the Job and the pod, oldest first
 * @param troubleFor how long the pod has been in its present trouble, or the Job without a pod
 * @param age since the Job was created
 * @param timeout after which Kubernetes was told to end it
 */
record JobSight(
    @Nullable Job job,
    @Nullable Pod pod,
    boolean podSeen,
    List<Event> events,
    Duration troubleFor,
    Duration age,
    Duration timeout) {

  /** Remembers, from sight to sight, what a single one cannot tell. */
  static final class Memory {
    private final Instant created;
    private final Duration timeout;
    private boolean podSeen;
    private boolean jobSeen;
    private @Nullable Instant troubleSince;

    Memory(Instant created, Duration timeout) {
      this.created = created;
      this.timeout = timeout;
    }

    JobSight look(@Nullable Job job, @Nullable Pod pod, List<Event> events, Instant now) {
      podSeen |= pod != null;
      jobSeen |= job != null;
      Optional<PodTrouble> trouble = pod == null ? Optional.empty() : PodTrouble.of(pod, events);
      if (trouble.isEmpty() && pod != null) {
        troubleSince = null;
      } else if (troubleSince == null) {
        troubleSince = now;
      }
      return new JobSight(
          job,
          pod,
          podSeen,
          events,
          troubleSince == null ? Duration.ZERO : Duration.between(troubleSince, now),
          Duration.between(created, now),
          timeout);
    }

    boolean jobSeen() {
      return jobSeen;
    }
  }
}
