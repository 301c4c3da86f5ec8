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
 * @param podSeen whether there has been one, since the Job was resumed if it was suspended
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

  /** Whether somebody, such as Kueue, has told Kubernetes not to run it yet. */
  boolean isSuspended() {
    return isSuspended(job);
  }

  private static boolean isSuspended(@Nullable Job job) {
    return job != null && Boolean.TRUE.equals(job.getSpec().getSuspend());
  }

  /** Remembers, from sight to sight, what a single one cannot tell. */
  static final class Memory {
    private final Instant created;
    private final Duration timeout;
    private boolean podSeen;
    private boolean jobSeen;
    private boolean suspended;
    private @Nullable Instant troubleSince;

    Memory(Instant created, Duration timeout) {
      this.created = created;
      this.timeout = timeout;
    }

    JobSight look(@Nullable Job job, @Nullable Pod pod, List<Event> events, Instant now) {
      boolean held = isSuspended(job);
      // The pod that is deleted for it is not the one that is made afterwards.
      podSeen = pod != null || (podSeen && !held);
      jobSeen |= job != null;
      Optional<PodTrouble> trouble = pod == null ? Optional.empty() : PodTrouble.of(pod, events);
      if (trouble.isEmpty() && pod != null) {
        troubleSince = null;
      } else if (troubleSince == null || held != suspended) {
        troubleSince = now;
      }
      suspended = held;
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
