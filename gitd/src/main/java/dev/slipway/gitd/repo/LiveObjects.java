package dev.slipway.gitd.repo;

import java.io.IOException;
import java.util.Set;
import org.eclipse.jgit.errors.CancelledException;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdOwnerMap;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.ObjectWalk;
import org.eclipse.jgit.revwalk.RevObject;
import org.jspecify.annotations.Nullable;

/** All objects that something leads to. */
final class LiveObjects {
  private final ObjectIdOwnerMap<Live> objects = new ObjectIdOwnerMap<>();

  /** One of them. */
  static final class Live extends ObjectIdOwnerMap.Entry {
    private final int type;

    private Live(RevObject object) {
      super(object);
      this.type = object.getType();
    }

    /** As {@link org.eclipse.jgit.lib.Constants#OBJ_BLOB} and so on. */
    int type() {
      return type;
    }
  }

  private LiveObjects() {}

  /**
   * Walks over all of them.
   *
   * @throws org.eclipse.jgit.errors.MissingObjectException if one is not there
   */
  static LiveObjects reachedFrom(Set<ObjectId> roots, Repository repository) throws IOException {
    LiveObjects live = new LiveObjects();
    try (ObjectWalk walk = new ObjectWalk(repository)) {
      walk.setRetainBody(false);
      for (ObjectId root : roots) {
        walk.markStart(walk.parseAny(root));
      }
      for (RevObject commit = walk.next(); commit != null; commit = walk.next()) {
        live.add(commit);
      }
      for (RevObject other = walk.nextObject(); other != null; other = walk.nextObject()) {
        live.add(other);
      }
    }
    return live;
  }

  private void add(RevObject object) throws CancelledException {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancelledException("interrupted");
    }
    objects.addIfAbsent(new Live(object));
  }

  @Nullable Live find(AnyObjectId id) {
    return objects.get(id);
  }
}
