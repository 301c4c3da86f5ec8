package dev.slipway.demo.cluster.patch;

import dev.slipway.demo.cluster.schema.Kind;
import dev.slipway.demo.cluster.schema.Rejected;
import java.util.List;
import java.util.Locale;

/** The ways to say what is to change. */
public enum PatchType {
  JSON("application/json-patch+json"),
  MERGE("application/merge-patch+json"),
  STRATEGIC("application/strategic-merge-patch+json"),
  APPLY("application/apply-patch+yaml");

  private final String mediaType;

  PatchType(String mediaType) {
    this.mediaType = mediaType;
  }

  /**
   * Reads the Content-Type of a PATCH.
   *
   * @throws Rejected 415 for a type that the kind does not accept (custom resources have no
   *     strategic merge patch)
   */
  public static PatchType parse(String contentType, Kind kind) {
    String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    List<PatchType> accepted =
        kind.hasStrategicMerge() ? List.of(values()) : List.of(JSON, MERGE, APPLY);
    return accepted.stream()
        .filter(each -> each.mediaType.equals(type))
        .findFirst()
        .orElseThrow(
            () ->
                Rejected.unsupportedMediaType(
                    accepted.stream().map(each -> each.mediaType).toList()));
  }
}
