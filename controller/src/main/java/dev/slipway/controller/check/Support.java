package dev.slipway.controller.check;

import dev.slipway.crd.RemoteSpec;
import java.util.List;

/** Names what cannot be done as it is written; a push that would need it is refused. */
final class Support {
  private Support() {}

  /** The sentences that a push is refused with. */
  static Checked<List<String>> check(RemoteSpec spec) {
    List<String> sentences = ManifestSource.invalidValues(spec).stream().toList();
    return new Checked<>(
        sentences,
        new Verdict(
            Topic.Supported,
            sentences.stream().map(it -> Finding.blocking("InvalidValues", it)).toList(),
            "Everything in the spec is honoured."));
  }
}
