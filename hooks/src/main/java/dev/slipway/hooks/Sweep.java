package dev.slipway.hooks;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.hooks.job.ContextTokens;
import dev.slipway.hooks.job.JobRuns;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Removes, once in a process, what an earlier one left in the cluster. It takes every Job of the
 * Remote, so that no push may launch one before.
 */
final class Sweep {
  private final JobRuns jobs;
  private final ContextTokens tokens;
  private final ReentrantLock sweeping = new ReentrantLock();
  private volatile boolean begun;
  private boolean done;

  Sweep(JobRuns jobs, ContextTokens tokens) {
    this.jobs = jobs;
    this.tokens = tokens;
  }

  /** From now on, {@link #run} is due. */
  void begin() {
    begun = true;
  }

  /**
   * Waits for the one who is at it, and does what that one could not do; nothing where it has not
   * begun.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if something is still left
   */
  void run(GitdConfig config) throws InterruptedException {
    sweeping.lockInterruptibly();
    try {
      if (begun && !done) {
        jobs.sweep(config);
        tokens.removeAll(config);
        done = true;
      }
    } finally {
      sweeping.unlock();
    }
  }
}
