package dev.slipway.gitd;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.gitd.health.Termination;
import dev.slipway.gitd.repo.RemoteRepository;
import dev.slipway.gitd.scale.RemoteScale;
import dev.slipway.gitd.ssh.SshEndpoint;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the process end when nobody has used it for a while, where front wakes it again. Nobody is
 * cut off by that: the door is shut before the controller is asked for no gitd, and whoever comes
 * meanwhile waits at front.
 */
final class Sleep {
  private static final Logger log = LoggerFactory.getLogger(Sleep.class);
  private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);

  /** Within which another time in a new config counts. */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** More than the controller takes to have the pod ended. */
  private static final Duration CONTROLLER = Duration.ofSeconds(5);

  private final Supplier<GitdConfig> config;
  private final SshEndpoint ssh;
  private final RemoteRepository repository;
  private final RemoteScale scale;

  Sleep(
      Supplier<GitdConfig> config,
      SshEndpoint ssh,
      RemoteRepository repository,
      RemoteScale scale) {
    this.config = config;
    this.ssh = ssh;
    this.repository = repository;
    this.scale = scale;
  }

  /** Waits until the process shall end: told so, or since nobody needs it. */
  void awaitEnd(Termination termination) throws IOException, InterruptedException {
    Duration pause = SHORTEST_PAUSE;
    while (!termination.await(pause)) {
      Duration left = left(config.get().sleepAfterSeconds(), ssh.idle());
      pause = left.compareTo(LONGEST_PAUSE) < 0 ? left.plus(SHORTEST_PAUSE) : LONGEST_PAUSE;
      if (left.isZero() && !repository.isBusy() && ssh.closeUnlessUsed()) {
        boolean asked = askForNone();
        // Also when no answer has come: the controller may have heard it.
        if (termination.await(CONTROLLER) || asked) {
          // If somebody has woken it before the controller looked, its container is started anew.
          return;
        }
        ssh.reopen();
        pause = LONGEST_PAUSE;
      }
    }
  }

  /**
   * How long it has to stay idle until it sleeps.
   *
   * @param afterSeconds null for never
   */
  static Duration left(@Nullable Integer afterSeconds, Duration idle) {
    if (afterSeconds == null) {
      return FOREVER;
    }
    Duration left = Duration.ofSeconds(afterSeconds).minus(idle);
    return left.isPositive() ? left : Duration.ZERO;
  }

  private boolean askForNone() {
    GitdConfig remote = config.get();
    try {
      scale.putToSleep(remote.namespace(), remote.name());
      log.atInfo().addKeyValue("idle", ssh.idle()).log("going to sleep");
      return true;
    } catch (IOException e) {
      log.atWarn().setCause(e).log("cannot go to sleep");
      return false;
    }
  }
}
