package dev.slipway.demo.story;

/**
 * One step of a story.
 *
 * @param title what happens, in a sentence for who watches
 * @param play makes it happen, and throws {@link StoryFailedException} if it did not
 */
record Act(String title, Runnable play) {}
