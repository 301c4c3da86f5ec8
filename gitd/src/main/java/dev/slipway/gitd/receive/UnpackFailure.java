package dev.slipway.gitd.receive;

import dev.slipway.crd.gitd.PushLimits;
import dev.slipway.gitd.receive.Reserve.NoRoomException;
import dev.slipway.hooks.commit.History;
import java.io.EOFException;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.errors.TooLargePackException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.util.sha1.Sha1CollisionException;

/**
 * Why the objects of a push could not be stored.
 *
 * @param summary a few words for git's {@code unpack} line
 * @param sentence for the person pushing
 */
record UnpackFailure(String summary, String sentence) {
  /** How the C library says ENOSPC and EDQUOT. */
  private static final Pattern VOLUME_FULL =
      Pattern.compile("No space left on device|Disk quota exceeded");

  /** JGit's exception has the size in its text only. */
  private static final Pattern OBJECT_SIZE = Pattern.compile("\\(([\\d,.]+) bytes\\)");

  /** As above. */
  private static final Pattern OBJECT_ID = Pattern.compile("[0-9a-f]{40}");

  static UnpackFailure of(Throwable error, boolean shallowClone, PushLimits limits) {
    return switch (error) {
      case TooLargePackException e ->
          new UnpackFailure(
              "pack too large",
              "it sends more than %s, the most that this remote takes at once. Push in smaller steps, leave large files out of the history, or ask whoever looks after this remote to raise storage.maxPackSize."
                  .formatted(size(limits.packBytes())));
      case TooLargeObjectInPackException e -> tooLargeObject(e, limits);
      case LargeObjectException e -> tooLargeForMemory();
      case OutOfMemoryError e -> tooLargeForMemory();
      case NoRoomException e -> noRoom(size(e.free()) + " are free", limits);
      case IOException e when VOLUME_FULL.matcher(String.valueOf(e.getMessage())).find() ->
          noRoom("nothing is free", limits);
      case MissingObjectException e when shallowClone -> shallow();
      case MissingObjectException e ->
          new UnpackFailure(
              "missing objects",
              "objects are missing from what was sent. Run git fsck in your clone and push again.");
      case EOFException e ->
          new UnpackFailure("pack cut off", "the connection ended before everything was sent.");
      case Sha1CollisionException e -> collision(e);
      case CorruptObjectException e ->
          new UnpackFailure(
              "corrupt objects",
              "git refused an object that was sent (%s). Run git fsck in your clone."
                  .formatted(e.getMessage()));
      default ->
          shallowClone
              ? shallow()
              : new UnpackFailure(
                  "objects could not be stored",
                  "what was sent could not be stored (%s). Run git fsck in your clone and push again."
                      .formatted(error.getMessage()));
    };
  }

  /** The repository itself lacks an object. */
  static UnpackFailure damaged(ObjectId missing) {
    return new UnpackFailure("damaged repository", History.damage(missing));
  }

  private static UnpackFailure collision(Sha1CollisionException error) {
    Matcher id = OBJECT_ID.matcher(error.getMessage());
    String object = id.find() ? id.group() : "<its id>";
    return new UnpackFailure(
        "SHA-1 collision",
        "it brings an object (%1$s) that was made for a SHA-1 collision attack: another one, with the same name, could take its place unseen. Run git log --all --find-object=%1$s to see where it comes from, and take it out of the history."
            .formatted(object));
  }

  private static UnpackFailure shallow() {
    return new UnpackFailure(
        "shallow clone",
        "your clone is shallow and lacks history that this remote needs. Run git fetch --unshallow and push again.");
  }

  private static UnpackFailure tooLargeObject(
      TooLargeObjectInPackException error, PushLimits limits) {
    Matcher size = OBJECT_SIZE.matcher(error.getMessage());
    String file =
        size.find()
            ? "a file of " + size(Long.parseLong(size.group(1).replaceAll("\\D", "")))
            : "too large a file";
    return new UnpackFailure(
        "file too large",
        "it brings %s, and this remote takes files up to %s. Take it out of the history, or ask whoever looks after this remote to raise storage.maxFileSize."
            .formatted(file, size(limits.fileBytes())));
  }

  /** A file that is sent whole is never in memory as a whole; one sent as a change is. */
  private static UnpackFailure tooLargeForMemory() {
    return new UnpackFailure(
        "too large for memory",
        "it brings a large file as the changes to another, and gitd has too little memory to put the two together. Run git config core.bigFileThreshold 8m and git repack -adf in your clone, and push again: such files are then sent whole.");
  }

  private static UnpackFailure noRoom(String free, PushLimits limits) {
    return new UnpackFailure(
        "volume full",
        "the volume of this remote is full: %s, and %s are kept free. Delete branches with large files that nobody needs any more, and push again a moment later; if that makes too little room, ask whoever looks after this remote for a larger volume."
            .formatted(free, size(limits.reserveBytes())));
  }

  private static String size(long bytes) {
    if (bytes < 1 << 20) {
      return (bytes >> 10) + " KiB";
    }
    return bytes < 10L << 30
        ? (bytes >> 20) + " MiB"
        : String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1 << 30));
  }
}
