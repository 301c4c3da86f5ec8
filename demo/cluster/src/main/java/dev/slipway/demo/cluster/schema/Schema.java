package dev.slipway.demo.cluster.schema;

/** The shape of a value. */
public record Schema(boolean preserveUnknownFields) {
  /** Anything at all. */
  public static final Schema ANY = new Schema(true);
}
