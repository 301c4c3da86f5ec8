package dev.slipway.demo.cluster.control.job;

import dev.slipway.demo.cluster.control.loop.PodFacts;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.UncountedTerminatedPods;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Job and its pods at one moment.
 *
 * <p>A pod that ended is counted exactly once: its uid is written into {@code
 * uncountedTerminatedPods}, then its finalizer is taken away, then the number goes up.
 *
 * @param job as it was last seen
 * @param pods all that the Job controls
 */
record JobPicture(Job job, List<Pod> pods) {
  /** Keeps a pod from vanishing before it is counted. */
  static final String FINALIZER = "batch.kubernetes.io/job-tracking";

  static boolean isTracked(Pod pod) {
    return pod.getMetadata().getFinalizers().contains(FINALIZER);
  }

  List<Pod> active() {
    return pods.stream().filter(PodFacts::isActive).toList();
  }

  List<Pod> tracked() {
    return pods.stream().filter(JobPicture::isTracked).toList();
  }

  /** Pods that are on their way out and have not ended yet. */
  int terminating() {
    return (int)
        pods.stream()
            .filter(pod -> PodFacts.isTerminating(pod) && !PodFacts.isFinished(pod))
            .count();
  }

  /** Uids of pods that succeeded and are not in the number yet. */
  Set<String> uncountedSucceeded() {
    return uncounted(uncounted(job).getSucceeded(), PodFacts::isSucceeded);
  }

  /** Uids of pods that failed, or are deleted before their end, and are not in the number yet. */
  Set<String> uncountedFailed() {
    return uncounted(
        uncounted(job).getFailed(),
        pod ->
            PodFacts.isFailed(pod) || (PodFacts.isTerminating(pod) && !PodFacts.isSucceeded(pod)));
  }

  private Set<String> uncounted(Collection<String> noted, Predicate<Pod> ended) {
    return Stream.concat(
            noted.stream(), tracked().stream().filter(ended).map(pod -> pod.getMetadata().getUid()))
        .collect(LinkedHashSet::new, Set::add, Set::addAll);
  }

  int succeeded() {
    return orZero(status(job).getSucceeded()) + uncountedSucceeded().size();
  }

  int failed() {
    return orZero(status(job).getFailed()) + uncountedFailed().size();
  }

  static JobStatus status(Job job) {
    return job.getStatus() == null ? new JobStatus() : job.getStatus();
  }

  private static UncountedTerminatedPods uncounted(Job job) {
    var uncounted = status(job).getUncountedTerminatedPods();
    return uncounted == null ? new UncountedTerminatedPods() : uncounted;
  }

  static int orZero(@Nullable Integer number) {
    return number == null ? 0 : number;
  }
}
