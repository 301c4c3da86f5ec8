package dev.slipway.hooks.commit;

import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.ObjectWalk;

/** Tells a repository that lacks objects of its own from a push that did not bring all of its. */
public final class History {
  private History() {}

  /**
   * An object that refs lead to and that is not there. Walks over everything, so only worth asking
   * when something was found missing.
   */
  public static Optional<ObjectId> missing(Repository repository) throws IOException {
    try (ObjectWalk walk = new ObjectWalk(repository)) {
      for (Ref ref : repository.getRefDatabase().getRefs()) {
        ObjectId id = ref.getObjectId();
        if (id != null) {
          walk.markStart(walk.parseAny(id));
        }
      }
      walk.checkConnectivity();
      return Optional.empty();
    } catch (MissingObjectException e) {
      return Optional.of(e.getObjectId());
    }
  }

  /**
   * A sentence for the person pushing.
   *
   * @param missing what {@link #missing} has found
   */
  public static String damage(ObjectId missing) {
    return "the repository of this remote is damaged: object %s, which its branches lead to, is missing. Nothing is wrong with your clone; tell whoever looks after this remote, who can see with git fsck what else is missing, or start over with an empty volume."
        .formatted(missing.abbreviate(7).name());
  }
}
