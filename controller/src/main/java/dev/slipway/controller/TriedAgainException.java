package dev.slipway.controller;

/** Has JOSDK try a Remote again, later each time; nothing is left to be told. */
final class TriedAgainException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TriedAgainException(String message) {
    super(message);
  }

  TriedAgainException(String message, Throwable cause) {
    super(message, cause);
  }
}
