package dev.slipway.gitd.receive;

import java.io.EOFException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.errors.LockFailedException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.errors.TooLargePackException;

/**
 * Why the objects of a push could not be stored.
 *
 * @param summary a few words for git's {@code unpack} line
 * @param sentence for the person pushing
 */
record UnpackFailure(String summary, String sentence) {

  static UnpackFailure of(Throwable error, boolean shallowClone, ReceiveLimits limits) {
    return switch (error) {
      case TooLargePackException e ->
          new UnpackFailure(
              "pack too large",
              "this push brings more than %s at once. Push it in smaller steps, or leave large files out of the history."
                  .formatted(size(limits.packBytes())));
      case TooLargeObjectInPackException e -> tooLargeObject(limits);
      case LargeObjectException e -> tooLargeObject(limits);
      case MissingObjectException e when shallowClone -> shallow();
      case MissingObjectException e ->
          new UnpackFailure(
              "missing objects",
              "objects are missing from what was sent. Run git fsck in your clone and push again.");
      case EOFException e ->
          new UnpackFailure("pack cut off", "the connection ended before everything was sent.");
      case CorruptObjectException e ->
          new UnpackFailure(
              "corrupt objects",
              "git refused an object that was sent (%s). Run git fsck in your clone."
                  .formatted(e.getMessage()));
      // JGit names a pack after what is in it, and locks it while it is stored.
      case LockFailedException e ->
          new UnpackFailure(
              "being pushed already",
              "exactly the same objects are being pushed by somebody else at this moment. Push again.");
      default ->
          shallowClone
              ? shallow()
              : new UnpackFailure(
                  "objects could not be stored",
                  "what was sent could not be stored (%s). Run git fsck in your clone and push again."
                      .formatted(error.getMessage()));
    };
  }

  private static UnpackFailure shallow() {
    return new UnpackFailure(
        "shallow clone",
        "your clone is shallow and lacks history that this remote needs. Run git fetch --unshallow and push again.");
  }

  private static UnpackFailure tooLargeObject(ReceiveLimits limits) {
    return new UnpackFailure(
        "file too large",
        "it holds a file larger than %s. Take it out of the history and push again."
            .formatted(size(limits.objectBytes())));
  }

  private static String size(long bytes) {
    return bytes >= 1 << 20 ? (bytes >> 20) + " MiB" : (bytes >> 10) + " KiB";
  }
}
