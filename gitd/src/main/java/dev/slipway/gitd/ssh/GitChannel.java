package dev.slipway.gitd.ssh;

import java.io.IOException;
import java.util.Map;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.channel.PtyMode;
import org.apache.sshd.common.channel.RequestHandler.Result;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.ChannelSession;

/**
 * A session channel that takes one command, and the one environment variable that git needs; no
 * terminal, no forwarding, no subsystem.
 */
public final class GitChannel extends ChannelSession {
  /** The one environment variable that is passed on. */
  public static final String PROTOCOL_VARIABLE = "GIT_PROTOCOL";

  private static final int PROTOCOL_VALUE_LIMIT = 256;

  /** Opens such channels. */
  static final class Factory implements ChannelFactory {
    @Override
    public String getName() {
      return "session";
    }

    @Override
    public Channel createChannel(Session session) {
      return new GitChannel();
    }
  }

  @Override
  protected Result handleEnvParsed(String name, String value) throws IOException {
    if (!name.equals(PROTOCOL_VARIABLE) || value.length() > PROTOCOL_VALUE_LIMIT) {
      return Result.ReplyFailure;
    }
    return super.handleEnvParsed(name, value);
  }

  @Override
  protected Result handlePtyReqParsed(
      String term, int columns, int rows, int width, int height, Map<PtyMode, Integer> modes) {
    return Result.ReplyFailure;
  }

  @Override
  protected Result handleSubsystemParsed(String request, String subsystem) {
    return Result.ReplyFailure;
  }

  @Override
  protected Result handleAgentForwardingParsed(String requestType) {
    return Result.ReplyFailure;
  }

  @Override
  protected Result handleX11Forwarding(String requestType, Buffer buffer, boolean wantReply) {
    return Result.ReplyFailure;
  }

  /**
   * OpenSSH's way to say that nobody reads its output any more, for example after kill -9 of git.
   */
  @Override
  protected Result handleInternalRequest(String requestType, boolean wantReply, Buffer buffer)
      throws IOException {
    if (requestType.equals("eow@openssh.com")) {
      clientGone();
      return Result.ReplySuccess;
    }
    return super.handleInternalRequest(requestType, wantReply, buffer);
  }

  /** MINA would give the command five seconds before it tells it. */
  @Override
  public void handleClose() throws IOException {
    clientGone();
    super.handleClose();
  }

  private void clientGone() {
    if (commandInstance instanceof GitCommand command) {
      command.clientGone();
    }
  }
}
