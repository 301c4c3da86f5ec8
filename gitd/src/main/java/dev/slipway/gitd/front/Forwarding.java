package dev.slipway.gitd.front;

import dev.slipway.gitd.receive.ClientPresence;
import dev.slipway.gitd.ssh.GitCommand.Streams;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.EnumSet;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the streams of one command between a client and a gitd. Whoever reads slowly slows the
 * other down: nothing is kept but one buffer for each direction and SSH's own windows.
 */
final class Forwarding {
  private static final Logger log = LoggerFactory.getLogger(Forwarding.class);
  private static final int BUFFER = 32 * 1024;

  /** A gitd sends the exit code right behind the end of the output. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  private final ChannelExec gitd;
  private final Streams streams;
  private final ClientPresence client;

  Forwarding(ChannelExec gitd, Streams streams, ClientPresence client) {
    this.gitd = gitd;
    this.streams = streams;
    this.client = client;
  }

  /** Runs until the command has ended or one side has gone; gives null if it left no exit code. */
  @Nullable Integer run() {
    Thread.ofVirtual().name("stdin").start(this::copyInput);
    Thread out = copy("stdout", gitd.getInvertedOut(), streams.out());
    Thread err = copy("stderr", gitd.getInvertedErr(), streams.err());
    try {
      return client.interrupting(() -> await(out, err));
    } finally {
      gitd.close(false);
    }
  }

  private @Nullable Integer await(Thread out, Thread err) {
    try {
      out.join();
      err.join();
      gitd.waitFor(
          EnumSet.of(ClientChannelEvent.EXIT_STATUS, ClientChannelEvent.CLOSED), LAST_WORDS);
    } catch (InterruptedException e) {
      log.info("the client has left");
    }
    return gitd.getExitStatus();
  }

  /** Its end is passed on as well: git waits for the end of a pack in this way. */
  private void copyInput() {
    try (OutputStream to = gitd.getInvertedIn()) {
      pump(streams.in(), to);
    } catch (IOException e) {
      log.atDebug().addKeyValue("cause", e.toString()).log("stdin cut off");
    }
  }

  private Thread copy(String name, InputStream from, OutputStream to) {
    return Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              try {
                pump(from, to);
              } catch (IOException e) {
                log.atDebug().addKeyValue("cause", e.toString()).log(name + " cut off");
                // Nobody reads any more.
                gitd.close(false);
              }
            });
  }

  private static void pump(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
      to.write(buffer, 0, read);
      to.flush();
    }
  }
}
