package dev.slipway.gitd.receive;

import dev.slipway.gitd.repo.Quarantine;
import dev.slipway.gitd.repo.RemoteRepository;
import dev.slipway.gitd.trace.PushTraces;
import dev.slipway.hooks.Push;
import dev.slipway.hooks.PushHook;
import dev.slipway.hooks.PushId;
import dev.slipway.hooks.report.PushMeters;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Supplier;

/** Receives pushes into the Remote's repository and has a hook decide about each. */
public final class PushReceiver {
  private final Supplier<String> remote;
  private final RemoteRepository repository;
  private final PushHook hook;
  private final Supplier<ReceiveLimits> limits;
  private final PushMeters meters;
  private final PushTraces traces;

  /**
   * @param remote {@code <namespace>/<name>}
   * @param limits asked at the beginning of each push
   */
  public PushReceiver(
      Supplier<String> remote,
      RemoteRepository repository,
      PushHook hook,
      Supplier<ReceiveLimits> limits,
      PushMeters meters,
      PushTraces traces) {
    this.remote = remote;
    this.repository = repository;
    this.hook = hook;
    this.limits = limits;
    this.meters = meters;
    this.traces = traces;
  }

  /**
   * Speaks git's receive-pack protocol with one client, to its end.
   *
   * @return the exit code that the client is told: 0 also for a push that was rejected in order
   * @throws IOException if the client broke off
   */
  public int receive(
      Push.Pusher pusher, InputStream in, OutputStream out, OutputStream err, ClientPresence client)
      throws IOException {
    ReceiveLimits limited = limits.get();
    PushId id = PushId.random();
    try (PushLog record = new PushLog(id, remote.get(), pusher, meters, traces);
        Quarantine quarantine = repository.quarantine()) {
      PackInput input = new PackInput(in, new Reserve(repository, limited.push().reserveBytes()));
      IncomingPush push =
          new IncomingPush(id, quarantine, pusher, input, out, err, client, limited);
      try {
        return push.run(hook);
      } finally {
        repository.pointHead();
        record.ended(push);
      }
    }
  }
}
