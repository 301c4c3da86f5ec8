package dev.slipway.hooks.context;

import java.time.Instant;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * What one build needs of a commit, found and checked: only object ids, so that nothing about it
 * can change any more.
 *
 * @param tree the subtree that is the build context
 * @param dockerfileName last name of the Dockerfile's path
 * @param dockerfile its blob
 * @param dockerignore blob of {@code <Dockerfile>.dockerignore}, null when there is none
 * @param committed time of the commit, the modification time of every file: web servers derive
 *     ETags from it
 */
public record ContextSource(
    ObjectId tree,
    String dockerfileName,
    ObjectId dockerfile,
    @Nullable ObjectId dockerignore,
    Instant committed) {}
