package dev.slipway.demo.cluster.patch;

import dev.slipway.demo.cluster.schema.Kind;

/** Knows which fields nobody comes to own by writing through an endpoint. */
final class Endpoint {
  private static final FieldSet STATUS = FieldSet.ofFields("status");
  private static final FieldSet SPEC = FieldSet.ofFields("spec");
  private static final FieldSet SPEC_AND_LABELS = FieldSet.ofFields("spec", "metadata.labels");

  private Endpoint() {}

  static FieldSet resets(Kind kind, String subresource) {
    return switch (subresource) {
      case "status" -> kind.group().equals("apps") ? SPEC_AND_LABELS : SPEC;
      case "" -> kind.hasStatusSubresource() ? STATUS : FieldSet.EMPTY;
      default -> FieldSet.EMPTY;
    };
  }
}
