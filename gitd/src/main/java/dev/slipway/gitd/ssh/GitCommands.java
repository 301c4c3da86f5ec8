package dev.slipway.gitd.ssh;

import dev.slipway.crd.keys.AuthorizedKey;
import dev.slipway.gitd.receive.ClientPresence;
import dev.slipway.gitd.receive.PushReceiver;
import dev.slipway.gitd.repo.FetchService;
import dev.slipway.hooks.Push;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.command.CommandFactory;
import org.apache.sshd.server.shell.ShellFactory;

/** The commands on offer: git's push and fetch, and a sentence for everything else. */
final class GitCommands implements CommandFactory, ShellFactory {
  private static final int NOT_FOUND = 127;
  private static final String ONLY_GIT =
      "Only git push, git fetch and git clone are on offer here.";
  private static final String REVOKED =
      "Your key is not let in any more: it has expired or was removed from this remote.";
  private static final String NO_LFS =
      "This remote keeps no Git LFS objects: push with GIT_LFS_SKIP_PUSH=1 set. A build that needs such files is refused.";

  private final RemoteGate gate;
  private final PushReceiver receiver;
  private final FetchService fetches;
  private final Supplier<String> remote;
  private final RunningCommands running;

  /**
   * @param remote the Remote's name in its URL, for example {@code default-dev}
   */
  GitCommands(
      RemoteGate gate,
      PushReceiver receiver,
      FetchService fetches,
      Supplier<String> remote,
      RunningCommands running) {
    this.gate = gate;
    this.receiver = receiver;
    this.fetches = fetches;
    this.remote = remote;
    this.running = running;
  }

  @Override
  public Command createCommand(ChannelSession channel, String line) throws IOException {
    AuthorizedKey who = identity(channel);
    Optional<GitService> service = GitService.parse(line);
    String name = service.map(GitService::program).orElse("unknown command");
    GitCommand.Work work =
        service
            .map(
                known ->
                    switch (known) {
                      case RECEIVE_PACK -> receive(who);
                      case UPLOAD_PACK -> upload();
                      case UPLOAD_ARCHIVE ->
                          refuse("git archive is not on offer here: clone the repository instead.");
                    })
            .orElseGet(() -> refuse(line.startsWith("git-lfs-") ? NO_LFS : ONLY_GIT));
    return new GitCommand(
        name, gate.isRevoked(channel.getSession()) ? refuse(REVOKED) : work, running);
  }

  @Override
  public Command createShell(ChannelSession channel) throws IOException {
    return new GitCommand(
        "shell",
        refuse(Greeting.text(SessionIdentity.described(identity(channel)), remote.get())),
        running);
  }

  private static AuthorizedKey identity(ChannelSession channel) throws IOException {
    return SessionIdentity.of(channel.getSession())
        .orElseThrow(() -> new IOException("the session has no verified key"));
  }

  private GitCommand.Work receive(AuthorizedKey who) {
    if (who.limits().readOnly()) {
      return refuse(
          "Your key \"%s\" may fetch and clone, and not push: ask whoever looks after this remote for one that may."
              .formatted(who.name()));
    }
    Push.Pusher pusher = new Push.Pusher(who.name(), who.fingerprint());
    return (streams, environment, client) ->
        receiver.receive(pusher, streams.in(), streams.out(), streams.err(), client);
  }

  private GitCommand.Work upload() {
    return (GitCommand.Streams streams, Environment environment, ClientPresence client) ->
        fetches.serve(
            streams.in(),
            streams.out(),
            streams.err(),
            environment.getEnv().get(GitChannel.PROTOCOL_VARIABLE));
  }

  /** Says a sentence and ends as a shell does when there is no such command. */
  static GitCommand.Work refuse(String sentence) {
    return (streams, environment, client) -> {
      streams.err().write((sentence + "\n").getBytes(StandardCharsets.UTF_8));
      return NOT_FOUND;
    };
  }
}
