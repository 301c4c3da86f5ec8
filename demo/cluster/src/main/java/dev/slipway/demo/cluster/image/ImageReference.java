package dev.slipway.demo.cluster.image;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The full name of an image in a registry.
 *
 * @param registry host with optional port; {@code docker.io} when the written name has none
 * @param repository such as {@code library/busybox}
 * @param tag {@code latest} when the written name has neither tag nor digest
 * @param digest such as {@code sha256:…}
 */
public record ImageReference(
    String registry, String repository, Optional<String> tag, Optional<String> digest) {
  private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  private static final Pattern REPOSITORY = Pattern.compile(COMPONENT + "(?:/" + COMPONENT + ")*");
  private static final Pattern TAG = Pattern.compile("\\w[\\w.-]{0,127}");
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  /** The text is no name of an image; the message is what Docker's parser says. */
  public static final class InvalidReference extends Exception {
    InvalidReference(String message) {
      super("invalid reference format" + message);
    }
  }

  public static ImageReference parse(String text) throws InvalidReference {
    var registry = "docker.io";
    var rest = text;
    int slash = text.indexOf('/');
    if (slash > 0 && isHost(text.substring(0, slash))) {
      registry = text.substring(0, slash);
      rest = text.substring(slash + 1);
    }
    if (registry.equals("docker.io") && !rest.contains("/")) {
      rest = "library/" + rest;
    }
    var untagged = rest.split("[:@]", 2)[0];
    if (!untagged.equals(untagged.toLowerCase(Locale.ROOT))) {
      throw new InvalidReference(": repository name (" + untagged + ") must be lowercase");
    }
    Optional<String> digest = Optional.empty();
    int at = rest.indexOf('@');
    if (at >= 0) {
      digest = Optional.of(matching(DIGEST, rest.substring(at + 1)));
      rest = rest.substring(0, at);
    }
    Optional<String> tag = digest.isPresent() ? Optional.empty() : Optional.of("latest");
    int colon = rest.indexOf(':');
    if (colon >= 0) {
      tag = Optional.of(matching(TAG, rest.substring(colon + 1)));
      rest = rest.substring(0, colon);
    }
    return new ImageReference(registry, matching(REPOSITORY, rest), tag, digest);
  }

  private static boolean isHost(String first) {
    return first.contains(".") || first.contains(":") || first.equals("localhost");
  }

  private static String matching(Pattern pattern, String text) throws InvalidReference {
    if (!pattern.matcher(text).matches()) {
      throw new InvalidReference("");
    }
    return text;
  }

  /** Registry and repository. */
  public String name() {
    return registry + "/" + repository;
  }

  /** What the registry is asked for: the digest when there is one, else the tag. */
  public String version() {
    return digest.or(this::tag).orElse("latest");
  }

  /** The name that pins as much as is known; a tag beside a digest adds nothing. */
  public String canonical() {
    return digest.map(d -> name() + "@" + d).orElseGet(() -> name() + ":" + version());
  }

  /** Name, tag and digest in full, as containerd prints it. */
  public String full() {
    return name() + tag.map(t -> ":" + t).orElse("") + digest.map(d -> "@" + d).orElse("");
  }

  /** Whether the registry is on this machine, where plain HTTP harms nobody. */
  public boolean isOnLoopback() {
    return registry.startsWith("127.") || registry.split(":", 2)[0].equals("localhost");
  }
}
