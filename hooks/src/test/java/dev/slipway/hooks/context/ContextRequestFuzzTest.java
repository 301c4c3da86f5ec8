package dev.slipway.hooks.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.fuzz.FuzzRun;
import dev.slipway.hooks.TestRepository;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What anybody in the cluster may send to the port that hands out build contexts. */
class ContextRequestFuzzTest {
  private static final int PATIENCE_MS = 10_000;
  private static final BuildContexts CONTEXTS = new BuildContexts();
  private static final BuildContextServer SERVER = start();

  /** Of the one context on offer; nobody guesses the token. */
  private static BuildContextServer start() {
    var git = new TestRepository();
    try {
      CONTEXTS.offer(
          "b1",
          git.repository(),
          new ContextSource.OfCommit(
              git.repository()
                  .parseCommit(git.commit(Map.of("secret", TestRepository.file("marked"))))
                  .getTree(),
              Instant.EPOCH));
      return BuildContextServer.start(0, CONTEXTS);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), SERVER.port())) {
      socket.setSoTimeout(PATIENCE_MS);
      String answer = exchange(socket, input);
      assertThat(answer).doesNotContain("marked").doesNotContainPattern("(?m)^HTTP/1.1 (200|500)");
    }
  }

  /** All that is answered until the server ends the connection, once nothing more is said. */
  private static String exchange(Socket socket, byte[] input) throws IOException {
    var answer = new ByteArrayOutputStream();
    try {
      socket.getOutputStream().write(input);
      socket.shutdownOutput();
      InputStream in = socket.getInputStream();
      in.transferTo(answer);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("no answer, and the connection stays", e);
    } catch (SocketException e) {
      // A server may well hang up on nonsense.
    }
    return answer.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void nothingIsHandedOutWithoutTheToken() {
    FuzzRun.of(ContextRequestFuzzTest.class, ContextRequestFuzzTest::fuzzerTestOneInput);
  }
}
