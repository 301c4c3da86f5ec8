package dev.slipway.demo.cluster.image;

import java.io.IOException;

/** A registry refused or could not be asked; the message reads as Go's HTTP client words it. */
public final class RegistryFailure extends IOException {
  /** What kind of failure, for those who must tell them apart. */
  public enum Kind {
    NOT_FOUND,
    UNAUTHORIZED,
    UNREACHABLE,
    OTHER
  }

  private final Kind kind;

  RegistryFailure(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
