package dev.slipway.crd;

import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Branches by their short name, or by a pattern as in {@link
 * java.nio.file.FileSystem#getPathMatcher}: {@code *} stands for a part without a slash, {@code **}
 * for any part.
 */
public final class BranchPattern {
  /** What git-check-ref-format(1) allows in no name, other than the signs of patterns. */
  private static final Pattern IN_NO_NAME =
      Pattern.compile("[\\s~^:\\p{Cntrl}\\\\]|\\.\\.|@\\{|^$|^/|/$|//|\\.$|\\.lock(/|$)|^!");

  private final String text;
  private final PathMatcher matcher;

  private BranchPattern(String text, PathMatcher matcher) {
    this.text = text;
    this.matcher = matcher;
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is no pattern, or no branch can be called like that
   */
  public static BranchPattern parse(String text) {
    if (IN_NO_NAME.matcher(text).find()) {
      throw new IllegalArgumentException("no branch can have that name");
    }
    try {
      return new BranchPattern(text, FileSystems.getDefault().getPathMatcher("glob:" + text));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("a bracket or brace in it is not closed", e);
    }
  }

  /**
   * Whether a branch is meant.
   *
   * @param branch its short name, such as {@code release/7}
   */
  public boolean matches(String branch) {
    try {
      return text.equals(branch) || matcher.matches(Path.of(branch));
    } catch (InvalidPathException e) {
      return false; // A process without a UTF-8 locale cannot have such a file either.
    }
  }
}
