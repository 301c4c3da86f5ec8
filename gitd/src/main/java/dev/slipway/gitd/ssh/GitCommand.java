package dev.slipway.gitd.ssh;

import dev.slipway.gitd.receive.ClientPresence;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running command of a channel, on a thread of its own. */
public final class GitCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(GitCommand.class);

  private final String name;
  private final Work work;
  private final RunningCommands running;
  private final ClientPresence client = new ClientPresence();
  private @Nullable InputStream in;
  private @Nullable OutputStream out;
  private @Nullable OutputStream err;
  private @Nullable ExitCallback exit;

  /** What a command does. */
  @FunctionalInterface
  public interface Work {
    /** Speaks with the client to the end, and gives the exit code that the client is told. */
    int run(Streams streams, Environment environment, ClientPresence client) throws IOException;
  }

  /** The three streams of a command. */
  public record Streams(InputStream in, OutputStream out, OutputStream err) {}

  /**
   * @param name for the log
   */
  public GitCommand(String name, Work work, RunningCommands running) {
    this.name = name;
    this.work = work;
    this.running = running;
  }

  @Override
  public void setInputStream(InputStream in) {
    this.in = in;
  }

  @Override
  public void setOutputStream(OutputStream out) {
    this.out = out;
  }

  @Override
  public void setErrorStream(OutputStream err) {
    this.err = err;
  }

  @Override
  public void setExitCallback(ExitCallback callback) {
    this.exit = callback;
  }

  @Override
  public void start(ChannelSession channel, Environment environment) {
    Streams streams =
        new Streams(
            Objects.requireNonNull(in), Objects.requireNonNull(out), Objects.requireNonNull(err));
    ExitCallback callback = Objects.requireNonNull(exit);
    running.started(this);
    Thread.ofVirtual().name(name).start(() -> run(streams, environment, callback));
  }

  private void run(Streams streams, Environment environment, ExitCallback callback) {
    int code = 1;
    try {
      code = work.run(streams, environment, client);
      streams.out().flush();
      streams.err().flush();
    } catch (IOException e) {
      log.atInfo().addKeyValue("command", name).addKeyValue("cause", e.toString()).log("cut off");
    } catch (RuntimeException | Error e) {
      log.atError().addKeyValue("command", name).setCause(e).log("command failed");
    } finally {
      callback.onExit(code);
      running.ended(this);
    }
  }

  void clientGone() {
    client.gone();
  }

  @Override
  public void destroy(ChannelSession channel) {
    clientGone();
  }
}
