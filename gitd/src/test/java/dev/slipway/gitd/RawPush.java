package dev.slipway.gitd;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;

/** Speaks receive-pack by hand: what git itself would not send. */
record RawPush(Developer developer, SshTarget gitd, Path project) {
  private static final String ZERO = ObjectId.zeroId().name();

  /** The answer to commands and a pack, as it came. */
  String send(String commands, byte[] pack) throws Exception {
    Process ssh = open();
    try (InputStream in = ssh.getInputStream()) {
      try (OutputStream out = ssh.getOutputStream()) {
        write(out, commands, pack);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      Eventually.exit(ssh);
    }
  }

  /** An ssh that has received-pack's other end on its streams. */
  Process open() {
    return developer.start(project, developer.sshArgv(gitd, List.of(), "git-receive-pack 'x'"));
  }

  static void write(OutputStream out, String commands, byte[] pack) throws IOException {
    out.write(commands.getBytes(StandardCharsets.UTF_8));
    out.write("0000".getBytes(StandardCharsets.US_ASCII));
    out.write(pack);
    out.flush();
  }

  /** The command that makes a branch at the project's HEAD. */
  String create(String branch) {
    String head = developer.git(project, "rev-parse", "HEAD").out().strip();
    return pkt("%s %s refs/heads/%s\0report-status side-band-64k".formatted(ZERO, head, branch));
  }

  /**
   * The commands that move refs to the project's HEAD.
   *
   * @param from where they are, the zero id for new ones
   */
  String many(String prefix, int count, String from) {
    String head = developer.git(project, "rev-parse", "HEAD").out().strip();
    StringBuilder commands = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String capabilities = i == 0 ? "\0report-status side-band-64k" : "";
      commands.append(pkt("%s %s %s%05d%s".formatted(from, head, prefix, i, capabilities)));
    }
    return commands.toString();
  }

  static String pkt(String line) {
    return "%04x%s".formatted(line.getBytes(StandardCharsets.UTF_8).length + 4, line);
  }

  /** All that the project holds. */
  byte[] pack() throws Exception {
    Process pack =
        developer.start(project, List.of("git", "pack-objects", "--all", "--stdout", "-q"));
    pack.getOutputStream().close();
    try (InputStream bytes = pack.getInputStream()) {
      return bytes.readAllBytes();
    } finally {
      Eventually.exit(pack);
    }
  }
}
