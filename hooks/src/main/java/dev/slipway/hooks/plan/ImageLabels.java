package dev.slipway.hooks.plan;

import dev.slipway.hooks.kube.PlainText;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
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
    PersonIdent author = commit.getAuthorIdent();
    if (author != null) {
      labels.put(
          PREFIX + "authors",
          PlainText.oneLine("%s <%s>".formatted(author.getName(), author.getEmailAddress())));
    }
    labels.put(PREFIX + "revision", commit.name());
    source.ifPresent(url -> labels.put(PREFIX + "source", url));
    return labels;
  }
}
