package dev.slipway.hooks.manifests;

import java.util.List;

/** Says why manifests are not applied; nothing has changed. */
public final class ManifestRefusedException extends Exception {
  private final List<String> sentences;

  ManifestRefusedException(List<String> sentences) {
    super(String.join(" ", sentences));
    this.sentences = sentences;
  }

  /** Everything that is in the way, for the person pushing; never empty. */
  public List<String> sentences() {
    return sentences;
  }
}
