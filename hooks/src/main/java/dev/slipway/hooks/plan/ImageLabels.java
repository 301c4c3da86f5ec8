package dev.slipway.hooks.plan;

import dev.slipway.hooks.kube.PlainText;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;

/**
 * Says on an image where it comes from, by the <a
 * href="https://github.com/opencontainers/image-spec/blob/main/annotations.md">keys that OCI has
 * for it</a>.
 */
final class ImageLabels {
  private static final String PREFIX = "org.opencontainers.image.";

  private ImageLabels() {}

  /**
   * Of all images of one commit.
   *
   * @param source URL to clone from
   */
  static Map<String, String> of(RevCommit commit, Optional<String> source) {
    SequencedMap<String, String> labels = new TreeMap<>();
    author(commit).ifPresent(who -> labels.put(PREFIX + "authors", who));
    labels.put(PREFIX + "revision", commit.name());
    source.ifPresent(url -> labels.put(PREFIX + "source", url));
    return labels;
  }

  /**
   * Name and address, or just the address of one whose name is not ASCII: it stands in the Job, and
   * fabric8's watch over HTTP breaks off at an event with anything else.
   */
  private static Optional<String> author(RevCommit commit) {
    PersonIdent author = commit.getAuthorIdent();
    return author == null
        ? Optional.empty()
        : Stream.of(
                "%s <%s>".formatted(author.getName(), author.getEmailAddress()),
                author.getEmailAddress())
            .map(PlainText::oneLine)
            .filter(text -> !text.isEmpty() && text.chars().allMatch(c -> c < 0x7f))
            .findFirst();
  }
}
