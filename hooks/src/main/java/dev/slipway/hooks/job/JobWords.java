package dev.slipway.hooks.job;

/**
 * What the person pushing is told a Job is for, and where to change it.
 *
 * @param container the name of the one that counts: whose log is shown, and whose exit code is that
 *     of the Job
 * @param subject for example {@code build}
 * @param settings where the Remote says how it runs, for example {@code spec.builder}
 * @param files what its init container brings
 * @param program what runs in its container
 * @param notStarted machine-readable reason for a container that cannot be started
 * @param startAdvice what to do about that
 * @param pullAdvice what to do about an image that cannot be pulled
 */
public record JobWords(
    String container,
    String subject,
    String settings,
    String files,
    String program,
    String notStarted,
    String startAdvice,
    String pullAdvice) {}
