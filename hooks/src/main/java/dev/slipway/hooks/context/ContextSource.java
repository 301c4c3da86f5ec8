package dev.slipway.hooks.context;

import java.time.Instant;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * What one Job needs of a commit, found and checked: only object ids, so that nothing about it can
 * change any more.
 */
public sealed interface ContextSource {

  /** The tree whose files are handed over. */
  ObjectId tree();

  /** Time of the commit, the modification time of every file: web servers derive ETags from it. */
  Instant committed();

  /**
   * What a build needs.
   *
   * @param tree the subtree that is the build context
   * @param dockerfileName last name of the Dockerfile's path
   * @param dockerfile its blob
   * @param dockerignore blob of {@code <Dockerfile>.dockerignore}, null when there is none
   */
  record OfBuild(
      ObjectId tree,
      String dockerfileName,
      ObjectId dockerfile,
      @Nullable ObjectId dockerignore,
      Instant committed)
      implements ContextSource {}

  /** All files of a commit. */
  record OfCommit(ObjectId tree, Instant committed) implements ContextSource {}
}
