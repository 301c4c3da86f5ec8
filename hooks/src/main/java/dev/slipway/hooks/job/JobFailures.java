package dev.slipway.hooks.job;

import dev.slipway.hooks.job.JobState.Failed;
import dev.slipway.hooks.kube.PodRefusal;
import dev.slipway.hooks.kube.PodTrouble;
import java.time.Duration;

/** Says why a Job can no longer succeed, and what to do about it. */
record JobFailures(JobWords words) {

  Failed deadline() {
    return new Failed(
        "DeadlineExceeded",
        "the %s took longer than it may; make it shorter, or raise %s.timeoutSeconds of the Remote."
            .formatted(words.subject(), words.settings()));
  }

  Failed jobDeleted() {
    return new Failed(
        "JobDeleted", "the Job of the %s was deleted; push again.".formatted(words.subject()));
  }

  Failed podDeleted() {
    return new Failed(
        "PodDeleted", "the pod of the %s was deleted; push again.".formatted(words.subject()));
  }

  /** The Job has failed, and there is no pod that could tell why. */
  Failed withoutPod(String reason, String message) {
    return new Failed(
        "JobFailed",
        "the Job of the %s failed before any pod of it was seen, %s: %s; push again."
            .formatted(words.subject(), reason, message));
  }

  Failed noPod(Duration limit) {
    return new Failed(
        "NoPod",
        "no pod was created for the %s in %d s; is the Job controller running?"
            .formatted(words.subject(), limit.toSeconds()));
  }

  Failed suspended(Duration limit) {
    return new Failed(
        "JobSuspended",
        "the Job of the %s is suspended and was not resumed in %d s; ask whoever holds back Jobs in this namespace, such as Kueue, then push again."
            .formatted(words.subject(), limit.toSeconds()));
  }

  Failed refused(PodRefusal refusal) {
    return new Failed(
        "FailedCreate",
        "the cluster refuses the %s's pod: %s; %s."
            .formatted(words.subject(), refusal.message(), refusal.advice(resources())));
  }

  Failed evicted(String message) {
    return new Failed(
        "Evicted",
        "the %s was evicted from its node: %s Push again.".formatted(words.subject(), message));
  }

  Failed podFailed(String reason, String message) {
    return new Failed(
        "PodFailed",
        "the pod of the %s failed, %s: %s".formatted(words.subject(), reason, message));
  }

  Failed outOfMemory() {
    return new Failed(
        "OutOfMemory",
        "the %s ran out of memory; raise %s.resources.limits.memory of the Remote."
            .formatted(words.subject(), words.settings()));
  }

  /** The Remote sets no limit there: it is the namespace's or the node's. */
  Failed outOfMemoryFetching() {
    return new Failed(
        "OutOfMemory",
        "fetching %s ran out of memory; raise the default memory limit in the LimitRange of the namespace, or make room on the node."
            .formatted(words.files()));
  }

  /**
   * What brings the files has failed.
   *
   * @param message its own, a whole sentence; empty if it said nothing
   */
  Failed notFetched(int exitCode, String message) {
    return new Failed(
        "ContextFailed",
        message.isEmpty()
            ? "fetching %s ended with exit code %d; push again.".formatted(words.files(), exitCode)
            : message);
  }

  /** An init container that a webhook has put into the pod has failed. */
  Failed otherInitFailed(String container, int exitCode, String message) {
    return new Failed(
        "PodFailed",
        "container %s, which something in the cluster puts into the pod of the %s, ended with exit code %d%s; push again, or ask whoever looks after the cluster."
            .formatted(
                container, words.subject(), exitCode, message.isEmpty() ? "" : ": " + message));
  }

  /** A container that a webhook has put into the pod does not start. */
  Failed otherTrouble(PodTrouble trouble) {
    return new Failed(
        trouble.reason(),
        "container %s, which something in the cluster puts into the pod of the %s, cannot start: %s; push again, or ask whoever looks after the cluster."
            .formatted(trouble.container(), words.subject(), trouble.message()));
  }

  /**
   * What pushes in the stead of the container that counts has failed.
   *
   * @param message its own, a whole sentence; empty if it said nothing
   */
  Failed notPushed(int exitCode, String message) {
    return new Failed(
        "PushFailed",
        message.isEmpty()
            ? "pushing the image ended with exit code %d; push again.".formatted(exitCode)
            : message);
  }

  Failed notStarted(String message) {
    return new Failed(
        words.notStarted(),
        "%s could not be started: %s; %s."
            .formatted(words.program(), message, words.startAdvice()));
  }

  Failed trouble(PodTrouble trouble) {
    String sentence =
        switch (trouble.kind()) {
          case UNSCHEDULABLE ->
              "no node can take the %s: %s; make room or change %s of the Remote."
                  .formatted(words.subject(), trouble.message(), words.settings());
          case MOUNT ->
              "a volume of the %s cannot be mounted: %s; check that its Secret exists."
                  .formatted(words.subject(), trouble.message());
          case SANDBOX ->
              "the node cannot make the %s's pod: %s; push again, or look at the node."
                  .formatted(words.subject(), trouble.message());
          case PULL, FATAL ->
              isFetching(trouble)
                  ? "the image of gitd, which fetches %s, cannot be pulled: %s; check --gitd-image of the controller, and that nodes may pull it."
                      .formatted(words.files(), trouble.message())
                  : "the image that the %s runs in cannot be pulled: %s; %s."
                      .formatted(words.subject(), trouble.message(), words.pullAdvice());
          case CONFIGURATION, CRASH ->
              "container %s of the %s cannot be created: %s."
                  .formatted(trouble.container(), words.subject(), trouble.message());
        };
    return new Failed(trouble.reason(), sentence);
  }

  private static boolean isFetching(PodTrouble trouble) {
    return trouble.container().equals(FetchFiles.CONTAINER);
  }

  private String resources() {
    return words.settings() + ".resources of the Remote";
  }
}
