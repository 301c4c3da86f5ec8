package dev.slipway.crd;

import java.util.ArrayList;
import java.util.List;

/**
 * A path inside a repository: relative, with {@code /} between names, without {@code .} and {@code
 * ..}; empty for the root.
 */
public record RepositoryPath(String value) {
  private static final String QUOTES = "\"'`\u201c\u201d\u2018\u2019";

  /** Says in one sentence why a text is no path inside a repository. */
  public static final class InvalidPathException extends IllegalArgumentException {
    InvalidPathException(String message) {
      super(message);
    }
  }

  public RepositoryPath {
    if (!value.equals(normalise(value))) {
      throw new InvalidPathException("\"" + value + "\" is not a normalised path");
    }
  }

  /**
   * Reads what an author wrote: {@code .}, {@code ./}, {@code ./web/} and quotes around it are
   * understood.
   *
   * @throws InvalidPathException if it is absolute, leads out of the repository, or holds a control
   *     character or a backslash
   */
  public static RepositoryPath parse(String text) {
    return new RepositoryPath(normalise(unquote(text.strip())));
  }

  /**
   * The path of {@code name} below this one. Quotes are part of a name that comes from git.
   *
   * @throws InvalidPathException as {@link #parse} does
   */
  public RepositoryPath resolve(String name) {
    return new RepositoryPath(normalise(isRoot() ? name : value + "/" + name));
  }

  public boolean isRoot() {
    return value.isEmpty();
  }

  @Override
  public String toString() {
    return isRoot() ? "." : value;
  }

  private static String unquote(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && QUOTES.indexOf(text.charAt(from)) >= 0) {
      from++;
    }
    while (to > from && QUOTES.indexOf(text.charAt(to - 1)) >= 0) {
      to--;
    }
    return text.substring(from, to);
  }

  private static String normalise(String text) {
    if (text.indexOf('\\') >= 0 || text.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidPathException(
          "\"" + text.replaceAll("\\p{Cc}", "?") + "\" holds a character no path may hold");
    }
    if (text.startsWith("/")) {
      throw new InvalidPathException(
          "\"" + text + "\" is absolute; paths start at the root of the repository");
    }
    List<String> names = new ArrayList<>();
    for (String name : text.split("/", -1)) {
      switch (name) {
        case "", "." -> {}
        case ".." ->
            throw new InvalidPathException("\"" + text + "\" leads out of the repository with ..");
        default -> names.add(name);
      }
    }
    return String.join("/", names);
  }
}
