package dev.slipway.gitd.front;

import dev.slipway.gitd.receive.ClientPresence;
import dev.slipway.gitd.ssh.GitChannel;
import dev.slipway.gitd.ssh.GitCommand;
import dev.slipway.gitd.ssh.GitCommand.Streams;
import dev.slipway.gitd.ssh.Greeting;
import dev.slipway.gitd.ssh.RunningCommands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.command.CommandFactory;
import org.apache.sshd.server.shell.ShellFactory;

/** Passes every command on to the gitd, unread; a shell is answered here. */
final class ForwardedCommands implements CommandFactory, ShellFactory {
  private static final int NO_SHELL = 127;

  private final RunningCommands running;
  private final Duration startLimit;

  /**
   * @param startLimit until a gitd has started a command
   */
  ForwardedCommands(RunningCommands running, Duration startLimit) {
    this.running = running;
    this.startLimit = startLimit;
  }

  @Override
  public Command createCommand(ChannelSession channel, String line) throws IOException {
    Passage passage = passage(channel);
    return new GitCommand(
        "forward",
        (streams, environment, client) -> forward(passage, line, streams, environment, client),
        running);
  }

  @Override
  public Command createShell(ChannelSession channel) throws IOException {
    Passage passage = passage(channel);
    // Each of the Remote's two names works.
    String user = channel.getSession().getUsername();
    return new GitCommand(
        "shell",
        (streams, environment, client) -> {
          try {
            passage.open(sentence -> say(streams, sentence)).confirm(startLimit);
          } catch (IOException e) {
            say(streams, passage.ending());
            throw e;
          }
          say(streams, Greeting.text("to " + user, user));
          return NO_SHELL;
        },
        running);
  }

  private static Passage passage(ChannelSession channel) throws IOException {
    return FrontGate.passage(channel.getSession())
        .orElseThrow(() -> new IOException("the session has no gitd"));
  }

  private int forward(
      Passage passage, String line, Streams streams, Environment environment, ClientPresence client)
      throws IOException {
    ChannelExec channel;
    try {
      String protocol = environment.getEnv().get(GitChannel.PROTOCOL_VARIABLE);
      channel = passage.open(sentence -> say(streams, sentence)).start(line, protocol, startLimit);
    } catch (IOException e) {
      say(streams, passage.ending());
      throw e;
    }
    Integer exit = new Forwarding(channel, streams, client).run();
    if (exit == null) {
      say(streams, passage.ending());
      return 1;
    }
    return exit;
  }

  private static void say(Streams streams, String sentence) throws IOException {
    streams.err().write((sentence + "\n").getBytes(StandardCharsets.UTF_8));
    streams.err().flush();
  }
}
