package dev.slipway.hooks.manifests;

/** Says in one sentence why manifests cannot be read. */
final class InvalidManifestException extends Exception {
  InvalidManifestException(String sentence) {
    super(sentence);
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
