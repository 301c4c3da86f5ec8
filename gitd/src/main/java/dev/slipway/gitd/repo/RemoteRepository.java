package dev.slipway.gitd.repo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache;
import org.eclipse.jgit.lib.StoredConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bare repository of this Remote on its volume. */
public final class RemoteRepository implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RemoteRepository.class);

  private final FileRepository repository;
  private final Supplier<List<String>> branches;
  private final Volume volume;
  private final Upkeep upkeep;

  /** Shared by pushes that move refs, held alone by upkeep for its first look. */
  private final ReadWriteLock landing = new ReentrantReadWriteLock();

  private RemoteRepository(
      FileRepository repository, Supplier<List<String>> branches, UpkeepPlan plan) {
    this.repository = repository;
    this.branches = branches;
    this.volume = new Volume(repository.getDirectory().toPath());
    this.upkeep = new Upkeep(repository, volume, plan, InstantSource.system(), landing.writeLock());
  }

  /**
   * Opens the repository, and creates it when there is none yet. Nobody else may have it open: what
   * looks like unfinished work is deleted.
   *
   * @param branches names and patterns of the branches that deploy, the most important first
   */
  public static RemoteRepository at(Path folder, Supplier<List<String>> branches, UpkeepPlan plan)
      throws IOException {
    EmptyRepository.ensure(folder);
    FileRepository repository = new FileRepository(folder.toFile());
    Leftovers.sweep(folder, quarantines(repository));
    configure(repository.getConfig());
    // So that a quarantine, which has it as its alternate, reads through this one.
    RepositoryCache.register(repository);
    return new RemoteRepository(repository, branches, plan);
  }

  /** Writes only what is new: a volume that is full can still be read from. */
  private static void configure(StoredConfig config) throws IOException {
    String before = config.toText();
    config.setBoolean("core", null, "logAllRefUpdates", true);
    // Upkeep does that, knowing about pushes and their quarantines.
    config.setBoolean("receive", null, "autogc", false);
    config.setString("gc", null, "pruneExpire", "now");
    if (!config.toText().equals(before)) {
      config.save();
    }
  }

  private static Path quarantines(FileRepository repository) {
    return repository.getDirectory().toPath().resolve("incoming");
  }

  /** A place for the objects of one push; to be made before its client is told of any ref. */
  public Quarantine quarantine() throws IOException {
    return new Quarantine(repository, quarantines(repository), landing.readLock(), upkeep);
  }

  /** Bytes that can still be written where the repository lies. */
  public long free() throws IOException {
    return volume.free();
  }

  /** Whether it is being repacked. */
  public boolean isBusy() {
    return upkeep.isRunning();
  }

  /** The repository, for one user more; each closes what it opened. */
  public Repository open() {
    repository.incrementOpen();
    return repository;
  }

  /**
   * Lets HEAD name the branch that a clone should check out: the first of the deployed branches
   * that exists, or the first that will.
   */
  public void pointHead() {
    try {
      String target = headTarget();
      if (!target.equals(repository.getFullBranch())) {
        RefUpdate head = repository.updateRef(Constants.HEAD, true);
        head.disableRefLog();
        head.link(target);
      }
    } catch (IOException e) {
      // A clone then checks out another branch; the next push tries it again.
      log.atWarn().setCause(e).log("HEAD not pointed");
    }
  }

  private String headTarget() throws IOException {
    List<String> names = branches.get().stream().filter(RemoteRepository::isName).toList();
    for (String name : names) {
      if (repository.exactRef(Constants.R_HEADS + name) != null) {
        return Constants.R_HEADS + name;
      }
    }
    return Constants.R_HEADS + (names.isEmpty() ? Constants.MASTER : names.getFirst());
  }

  /** And no pattern. */
  private static boolean isName(String branch) {
    return Repository.isValidRefName(Constants.R_HEADS + branch);
  }

  @Override
  public void close() {
    upkeep.close();
    RepositoryCache.close(repository);
  }
}
