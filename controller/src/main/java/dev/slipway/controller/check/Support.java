package dev.slipway.controller.check;

import dev.slipway.crd.Builder;
import dev.slipway.crd.RemoteSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
            Stream.concat(
                    sentences.stream().map(it -> Finding.blocking("InvalidValues", it)),
                    unusedCache(spec).stream())
                .toList(),
            "Everything in the spec is honoured."));
  }

  private static Optional<Finding> unusedCache(RemoteSpec spec) {
    Builder builder = spec.builder();
    boolean unused =
        builder != null
            && Boolean.TRUE.equals(builder.isolatePush())
            && builder.cache() != null
            && !Boolean.FALSE.equals(builder.cache().enabled());
    return unused
        ? Optional.of(
            Finding.minor(
                "CacheUnused",
                "spec.builder.cache has no effect beside isolatePush, since the builder has no login to keep layers with: remove one of them."))
        : Optional.empty();
  }
}
