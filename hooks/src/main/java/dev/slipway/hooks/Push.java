package dev.slipway.hooks;

import java.util.List;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/**
 * One push as gitd received it: its objects are stored in the repository, no ref has moved yet.
 *
 * @param id that no other push has
 * @param pusher taken from the authenticated session
 * @param changes what the client asks for, never empty
 * @param repository the Remote's own
 */
public record Push(PushId id, Pusher pusher, List<RefChange> changes, Repository repository) {

  /**
   * Who pushes.
   *
   * @param name the comment of the key, or the fingerprint when it has none
   * @param fingerprint for example {@code SHA256:Qm9…}
   */
  public record Pusher(String name, String fingerprint) {}

  /**
   * One ref and where the client wants it.
   *
   * @param oldId the zero id for a new ref
   * @param newId the zero id for a deletion
   */
  public record RefChange(String ref, ObjectId oldId, ObjectId newId) {}
}
