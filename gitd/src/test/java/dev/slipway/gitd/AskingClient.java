package dev.slipway.gitd;

import dev.slipway.gitd.ssh.Algorithms;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.AbstractClientChannel;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * Somebody who is logged in and asks for what RFC 4254 has, with an answer to each: OpenSSH's
 * client does without one for most of it.
 */
final class AskingClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final SshClient client;
  private final ClientSession session;

  private AskingClient(SshClient client, ClientSession session) {
    this.client = client;
    this.session = session;
  }

  static AskingClient connect(SshTarget gitd, Developer developer) throws IOException {
    return connect(Algorithms.client().build(), gitd, developer);
  }

  /** The same with one cipher and one MAC only. */
  static AskingClient connect(
      SshTarget gitd, Developer developer, BuiltinCiphers cipher, BuiltinMacs mac)
      throws IOException {
    SshClient client =
        Algorithms.client().cipherFactories(List.of(cipher)).macFactories(List.of(mac)).build();
    return connect(client, gitd, developer);
  }

  private static AskingClient connect(SshClient client, SshTarget gitd, Developer developer)
      throws IOException {
    client.setServerKeyVerifier((session, address, key) -> true);
    client.setKeyIdentityProvider(new FileKeyPairProvider(developer.key()));
    client.start();
    try {
      ClientSession session =
          client.connect(gitd.user(), "127.0.0.1", gitd.port()).verify(PATIENCE).getSession();
      session.auth().verify(PATIENCE);
      return new AskingClient(client, session);
    } catch (IOException e) {
      client.stop();
      throw e;
    }
  }

  /** Whether a request for a new session channel is granted. */
  boolean isGranted(String request, Consumer<Buffer> arguments) throws Exception {
    var channel = new Asking("session");
    open(channel);
    Buffer buffer = session.createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST);
    buffer.putUInt(channel.getRecipient());
    buffer.putString(request);
    buffer.putBoolean(true);
    arguments.accept(buffer);
    session.writePacket(buffer);
    boolean granted = channel.granted.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    channel.close(false);
    return granted;
  }

  /** Whether a request for the whole connection is granted. */
  boolean isGrantedForAll(String request, Consumer<Buffer> arguments) throws IOException {
    Buffer buffer = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST);
    buffer.putString(request);
    buffer.putBoolean(true);
    arguments.accept(buffer);
    return session.request(request, buffer, PATIENCE) != null;
  }

  /**
   * Opens a channel.
   *
   * @throws IOException whose cause is a SshChannelOpenException, if it is refused
   */
  void open(AbstractClientChannel channel) throws IOException {
    session.getService(ConnectionService.class).registerChannel(channel);
    channel.open().verify(PATIENCE);
  }

  @Override
  public void close() {
    client.stop();
  }

  /** A channel of any type, whose only use is the answer to one request. */
  static final class Asking extends AbstractClientChannel {
    private final CompletableFuture<Boolean> granted = new CompletableFuture<>();

    Asking(String type) {
      super(type);
    }

    @Override
    protected void doOpen() {}

    @Override
    public void handleSuccess() {
      granted.complete(true);
    }

    @Override
    public void handleFailure() {
      granted.complete(false);
    }
  }
}
