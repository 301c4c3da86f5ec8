package dev.slipway.hooks.job;

/** What is shown of a Job while it runs; called from several threads. */
public interface JobView {

  /** A line of its container's log, as the container has written it. */
  void log(String line);

  /** Something about the Job itself. */
  void note(String text);

  /** What its container does just now, to be read after "waiting for". */
  String doing();

  /** What is waited for, to be read after "waiting for". */
  void waitingFor(String on);
}
