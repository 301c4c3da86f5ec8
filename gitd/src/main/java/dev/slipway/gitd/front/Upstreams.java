package dev.slipway.gitd.front;

import dev.slipway.gitd.front.UnprovenKey.Signing;
import dev.slipway.gitd.keys.FrontPass;
import dev.slipway.gitd.ssh.Algorithms;
import dev.slipway.gitd.ssh.SshLimits;
import java.io.IOException;
import java.net.SocketAddress;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.future.AuthFuture;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.future.CancelOption;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens connections to gitds and asks them about keys, in the name of front's CA. */
final class Upstreams implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Upstreams.class);
  private static final AttributeKey<PublicKey> HOST_KEY = new AttributeKey<>();

  private final SshClient client;
  private final KeyPair ca;
  private final Duration answerLimit;

  Upstreams(KeyPair ca, SshLimits limits, Duration answerLimit) {
    this.ca = ca;
    this.answerLimit = answerLimit;
    this.client = Algorithms.client().build();
    client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
    client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
    client.setUserAuthFactories(List.of(new UnprovenKey.Factory()));
    client.setServerKeyVerifier(Upstreams::isExpected);
    limits.applyTo(client);
    // A command that gitd refuses to start would otherwise be waited for.
    CoreModuleProperties.REQUEST_EXEC_REPLY.set(client, true);
    client.start();
  }

  private static boolean isExpected(ClientSession session, SocketAddress address, PublicKey key) {
    AttributeRepository context = session.getConnectionContext();
    PublicKey expected = context == null ? null : context.getAttribute(HOST_KEY);
    boolean same = expected != null && KeyUtils.compareKeys(expected, key);
    if (!same) {
      log.atWarn().addKeyValue("address", address).log("a gitd has another host key than its own");
    }
    return same;
  }

  /**
   * Asks a gitd whether it would let a pusher in.
   *
   * @param who the key offered, and where from
   * @param connectLimit until a connection stands
   * @return a connection for that key alone, or empty if the gitd says no
   * @throws IOException if there is no answer, for example since no gitd runs
   */
  Optional<Upstream> ask(Route.ToGitd route, FrontPass who, Duration connectLimit)
      throws IOException {
    KeyPair pass = who.issue(ca, route.remote(), Clock.systemUTC().instant());
    ClientSession session =
        client
            .connect(
                route.remote(),
                route.host(),
                route.port(),
                AttributeRepository.ofKeyValuePair(HOST_KEY, route.hostKey()),
                null)
            .verify(connectLimit, CancelOption.CANCEL_ON_TIMEOUT)
            .getSession();
    boolean kept = false;
    try {
      var wouldDo = new CompletableFuture<Signing>();
      session.setAttribute(UnprovenKey.WOULD_DO, wouldDo);
      session.addPublicKeyIdentity(pass);
      AuthFuture authentication = session.auth();
      var ended = new CompletableFuture<Void>();
      authentication.addListener(done -> ended.complete(null));
      session.addCloseFutureListener(closed -> ended.complete(null));
      CompletableFuture.anyOf(wouldDo, ended).get(answerLimit.toMillis(), TimeUnit.MILLISECONDS);
      if (wouldDo.isDone()) {
        kept = true;
        return Optional.of(
            new Upstream(route, who.pusher(), session, authentication, wouldDo.get()));
      }
      if (isRefusal(authentication.getException())) {
        return Optional.empty();
      }
      throw new IOException("closed before an answer", authentication.getException());
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      if (!kept) {
        session.close(true);
      }
    }
  }

  private static boolean isRefusal(@Nullable Throwable failure) {
    return failure instanceof SshException ssh
        && ssh.getDisconnectCode() == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE;
  }

  @Override
  public void close() {
    client.stop();
  }
}
