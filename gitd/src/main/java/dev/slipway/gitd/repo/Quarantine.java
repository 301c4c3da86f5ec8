package dev.slipway.gitd.repo;

import dev.slipway.gitd.repo.OpenPushes.Open;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.BaseRepositoryBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects of one push, apart from all others until it is accepted: what is rejected, broken off
 * or killed leaves nothing in the repository. As C git's quarantine (git-receive-pack(1)).
 */
public final class Quarantine implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Quarantine.class);

  private final FileRepository accepted;
  private final Path objects;
  private final FileRepository arriving;
  private final Lock landing;
  private final Upkeep upkeep;
  private final Open push;
  private boolean landed;

  /** Moves refs, see {@link #land}. */
  public interface Move {
    /** In a repository that has all objects. */
    void in(Repository repository) throws IOException;
  }

  /**
   * @param home where quarantines lie, on the volume of the repository
   * @param landing held while the push gets into the repository
   * @param upkeep knows from now on that this push is under way
   */
  Quarantine(FileRepository accepted, Path home, Lock landing, Upkeep upkeep) throws IOException {
    this.accepted = accepted;
    this.objects = home.resolve(UUID.randomUUID().toString());
    this.arriving = new Arriving(accepted, objects.toFile());
    this.landing = landing;
    this.upkeep = upkeep;
    this.push = upkeep.pushBegan();
  }

  /** The repository's refs, its objects, and those of the push. */
  private static final class Arriving extends FileRepository {
    Arriving(FileRepository accepted, File objects) throws IOException {
      super(options(accepted, objects));
    }

    private static BaseRepositoryBuilder<?, ?> options(FileRepository accepted, File objects)
        throws IOException {
      return new FileRepositoryBuilder()
          .setGitDir(accepted.getDirectory())
          .setObjectDirectory(objects)
          .addAlternateObjectDirectory(accepted.getObjectsDirectory())
          .setBare()
          .setup();
    }

    /** The alternate's refs are this repository's own: a client need not hear of them twice. */
    @Override
    public Set<ObjectId> getAdditionalHaves() {
      return Set.of();
    }
  }

  /** Where a push is stored and decided upon: it shows the push on top of what was there before. */
  public Repository repository() {
    return arriving;
  }

  /** Makes the folder; before this nothing can be stored. */
  public void prepare() throws IOException {
    Files.createDirectories(objects);
  }

  /**
   * Puts the objects where all others are, and then moves refs to them.
   *
   * @param former what these refs point to before
   */
  public void land(Collection<ObjectId> former, Move refs) throws IOException {
    landing.lock();
    try {
      landed = true;
      upkeep.refsLeave(former);
      release();
      refs.in(accepted);
    } finally {
      landing.unlock();
    }
  }

  private void release() throws IOException {
    Path packs = objects.resolve("pack");
    if (!Files.exists(packs)) {
      return;
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(packs, "pack-*.pack")) {
      for (Path pack : found) {
        release(pack);
      }
    }
  }

  /** Under a name that no pack has. One is there as soon as its index is, so that comes last. */
  private void release(Path pack) throws IOException {
    Path moved = ObjectFiles.unique(accepted.getObjectDatabase().getPackDirectory().toPath());
    Files.move(pack, moved, StandardCopyOption.ATOMIC_MOVE);
    Files.move(ObjectFiles.index(pack), ObjectFiles.index(moved), StandardCopyOption.ATOMIC_MOVE);
    accepted.getObjectDatabase().openPack(moved.toFile());
  }

  @Override
  public void close() {
    arriving.close();
    try {
      Leftovers.delete(objects);
    } catch (IOException e) {
      log.atWarn().addKeyValue("folder", objects).setCause(e).log("quarantine not deleted");
    } finally {
      upkeep.pushEnded(push, landed);
    }
  }
}
