package dev.slipway.gitd.ssh;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The programs that git asks for over SSH. */
enum GitService {
  RECEIVE_PACK("git-receive-pack"),
  UPLOAD_PACK("git-upload-pack"),
  UPLOAD_ARCHIVE("git-upload-archive");

  /**
   * {@code git-receive-pack '<path>'} as git's connect.c sends it, quoted by its sq_quote_buf: a
   * {@code '} or {@code !} inside becomes {@code '\''} or {@code '\!'}. Some clients leave plain
   * paths bare.
   */
  private static final Pattern COMMAND =
      Pattern.compile(
          "git[ -](receive-pack|upload-pack|upload-archive) (?:'[^']*+'(?:\\\\['!]'[^']*+')*+|[\\w./~:@%+-]++)");

  private final String program;

  GitService(String program) {
    this.program = program;
  }

  String program() {
    return program;
  }

  /**
   * Reads the command of an exec request. Whatever path stands in it, there is just one repository
   * behind this server, so it is checked for its form and dropped.
   */
  static Optional<GitService> parse(String command) {
    Matcher matcher = COMMAND.matcher(command);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return switch (matcher.group(1)) {
      case "receive-pack" -> Optional.of(RECEIVE_PACK);
      case "upload-pack" -> Optional.of(UPLOAD_PACK);
      default -> Optional.of(UPLOAD_ARCHIVE);
    };
  }
}
