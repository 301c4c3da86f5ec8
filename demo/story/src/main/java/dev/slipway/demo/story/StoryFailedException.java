package dev.slipway.demo.story;

/** Says which step of the story did not really happen. */
final class StoryFailedException extends RuntimeException {
  StoryFailedException(String message) {
    super(message);
  }
}
