package dev.slipway.gitd.front;

import dev.slipway.gitd.front.UnprovenKey.Signing;
import dev.slipway.gitd.ssh.GitChannel;
import java.io.IOException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.future.AuthFuture;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the gitd of one Remote, for one key of a pusher that the gitd would let in. It
 * carries nothing until {@link #prove} is called, which is for the time after the pusher's own
 * proof.
 */
final class Upstream implements Passage {
  private final Route.ToGitd route;
  private final PublicKey pusher;
  private final ClientSession session;
  private final AuthFuture authentication;
  private final Signing signing;
  private final AtomicReference<@Nullable String> farewell = new AtomicReference<>();

  Upstream(
      Route.ToGitd route,
      PublicKey pusher,
      ClientSession session,
      AuthFuture authentication,
      Signing signing) {
    this.route = route;
    this.pusher = pusher;
    this.session = session;
    this.authentication = authentication;
    this.signing = signing;
    session.addSessionListener(new Farewell());
  }

  private final class Farewell implements SessionListener {
    @Override
    public void sessionDisconnect(
        Session closing, int reason, String sentence, String language, boolean initiator) {
      if (!initiator) {
        farewell.set(sentence);
      }
    }
  }

  @Override
  public Route.ToGitd route() {
    return route;
  }

  @Override
  public boolean isFor(PublicKey key) {
    return session.isOpen() && KeyUtils.compareKeys(pusher, key);
  }

  /** Authenticates as the pusher; to be called once he has proven the key. */
  @Override
  public void prove() throws IOException {
    try {
      signing.send();
    } catch (Exception e) {
      throw new IOException("cannot sign", e);
    }
  }

  @Override
  public Upstream open(Teller teller) {
    return this;
  }

  @Override
  public void onClose(Runnable action) {
    session.addCloseFutureListener(closed -> action.run());
  }

  @Override
  public String ending() {
    return Optional.ofNullable(farewell.get())
        .orElseGet(() -> "The connection to the git server of " + route.remote() + " was lost.");
  }

  /** Waits until the gitd has let the pusher in. */
  void confirm(Duration limit) throws IOException {
    authentication.verify(limit);
  }

  /**
   * Starts a command, word for word.
   *
   * @param protocol value of git's one variable, if the client has set it
   */
  ChannelExec start(String command, @Nullable String protocol, Duration limit) throws IOException {
    confirm(limit);
    ChannelExec channel;
    try {
      channel =
          session.createExecChannel(
              command,
              null,
              protocol == null ? Map.of() : Map.of(GitChannel.PROTOCOL_VARIABLE, protocol));
    } catch (IllegalStateException e) {
      // What MINA says of a session that has just been closed.
      throw new IOException("the gitd has left", e);
    }
    channel.open().verify(limit);
    return channel;
  }

  /** At once: gitd then ends what it runs for this connection. */
  @Override
  public void close() {
    session.close(true);
  }
}
