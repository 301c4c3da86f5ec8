package dev.slipway.hooks.build;

import dev.slipway.hooks.plan.ImageBuild;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An image that a build has pushed.
 *
 * @param digest of its manifest
 * @param commit that it was built of, all digits, which is a tag of it
 */
record BuiltImage(String digest, String commit) {
  private static final Pattern TEXT = Pattern.compile("(sha256:[0-9a-f]{64}) ([0-9a-f]{40})\n");

  /** Reads {@link #text}. */
  static Optional<BuiltImage> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    return matcher.matches()
        ? Optional.of(new BuiltImage(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }

  /** As it is kept. */
  String text() {
    return digest + " " + commit + "\n";
  }

  /**
   * As workloads name it: by the commit that it was built of, so that what runs it already goes on.
   */
  String pulledAs(ImageBuild build) {
    return build.pulledRepository() + ":" + commit + "@" + digest;
  }
}
