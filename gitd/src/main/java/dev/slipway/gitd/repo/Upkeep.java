package dev.slipway.gitd.repo;

import dev.slipway.gitd.repo.OpenPushes.Open;
import dev.slipway.gitd.repo.Repacking.Seen;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import org.eclipse.jgit.api.PackRefsCommand;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.ReflogEntry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the repository small and quick: packs refs and objects anew, and deletes what no ref and no
 * younger reflog leads to. One run at a time, in the background, while pushes and fetches go on.
 *
 * <p>Nothing that is deleted can be missed: what refs pointed to while a push is under way is kept
 * for it, and no push lands between the look at the packs and the look at the refs.
 */
final class Upkeep implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);
  private static final Duration LAST_MOMENT = Duration.ofSeconds(5);

  private final FileRepository repository;
  private final Volume volume;
  private final UpkeepPlan plan;
  private final InstantSource clock;
  private final Lock noLanding;
  private final OpenPushes pushes = new OpenPushes();
  private @Nullable Thread worker;
  private boolean closed;

  /** Whether refs have moved since the last run looked at them. */
  private boolean changed = true;

  /** Whether a push has ended since the worker last asked whether there is something to do. */
  private boolean again;

  /**
   * @param noLanding no push moves refs while this is held
   */
  Upkeep(
      FileRepository repository,
      Volume volume,
      UpkeepPlan plan,
      InstantSource clock,
      Lock noLanding) {
    this.repository = repository;
    this.volume = volume;
    this.plan = plan;
    this.clock = clock;
    this.noLanding = noLanding;
  }

  Open pushBegan() {
    return pushes.begin();
  }

  /** To be told, while refs may move, before they leave what they pointed to. */
  void refsLeave(Collection<ObjectId> former) {
    pushes.leave(former);
  }

  /** Starts a run if that is worth it; does not wait for it. */
  synchronized void pushEnded(Open push, boolean refsMoved) {
    pushes.end(push);
    changed |= refsMoved;
    if (closed || !changed) {
      return;
    }
    again = true;
    if (worker == null) {
      worker = Thread.ofPlatform().name("upkeep").daemon().start(this::work);
    }
  }

  /** Looks once more when a push has ended meanwhile: what it left would wait for the next one. */
  private void work() {
    while (isWanted()) {
      try {
        runIfWorthIt();
      } catch (IOException | GitAPIException | RuntimeException e) {
        if (isClosed()) {
          log.info("upkeep stopped");
        } else {
          log.atWarn().setCause(e).log("upkeep failed");
        }
      } catch (OutOfMemoryError e) {
        log.atWarn().addKeyValue("cause", e.toString()).log("too little memory for upkeep");
      }
    }
  }

  private synchronized boolean isWanted() {
    boolean wanted = again && changed && !closed;
    again = false;
    if (!wanted && !closed) {
      worker = null;
    }
    return wanted;
  }

  synchronized boolean isRunning() {
    return worker != null;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void refsAreSeen() {
    changed = false;
  }

  private void runIfWorthIt() throws IOException, GitAPIException {
    int packs = repository.getObjectDatabase().getPacks().size();
    UpkeepPlan.Work work = plan.decide(packs, volume.free(), clock.instant());
    if (work.isNothing()) {
      return;
    }
    long start = System.nanoTime();
    plan.ran(clock.instant());
    Seen seen = look(work.makeRoom() ? Duration.ZERO : plan.reflogAge());
    Repacking repacking = new Repacking(repository, volume, seen);
    long stayed = work.makeRoom() ? repacking.makeRoom() : 0;
    int merged = work.merge() ? repacking.merge(plan.room(volume.free())) : 0;
    int left = repository.getObjectDatabase().getPacks().size();
    if (stayed > 0 || (work.merge() && merged < 2 && left >= packs)) {
      log.atWarn()
          .addKeyValue("free", volume.free())
          .addKeyValue("garbage", stayed)
          .addKeyValue("packs", left)
          .log("too little room on the volume to repack all that is worth it");
    }
    log.atInfo()
        .addKeyValue("packs", left)
        .addKeyValue("free", volume.free())
        .addKeyValue("ms", (System.nanoTime() - start) / 1_000_000)
        .log("repository repacked");
  }

  /** Everything at one moment: a push that lands later brings packs that are not in it. */
  private Seen look(Duration reflogAge) throws IOException, GitAPIException {
    ObjectFiles files = new ObjectFiles(repository);
    noLanding.lock();
    try {
      refsAreSeen();
      Reflogs.dropBefore(repository.getDirectory().toPath(), clock.instant().minus(reflogAge));
      var _ = new PackRefsCommand(repository).setAll(true).call();
      return new Seen(
          List.copyOf(repository.getObjectDatabase().getPacks()), files.loose(), roots());
    } finally {
      noLanding.unlock();
    }
  }

  private Set<ObjectId> roots() throws IOException {
    Set<ObjectId> refs = new HashSet<>();
    Set<ObjectId> past = new HashSet<>(pushes.former());
    for (Ref ref : repository.getRefDatabase().getRefs()) {
      if (ref.getObjectId() != null) {
        refs.add(ref.getObjectId());
      }
      for (ReflogEntry entry :
          repository.getRefDatabase().getReflogReader(ref).getReverseEntries()) {
        past.add(entry.getOldId());
        past.add(entry.getNewId());
      }
    }
    for (ObjectId id : past) {
      // The zero id is none.
      if (repository.getObjectDatabase().has(id)) {
        refs.add(id);
      }
    }
    return refs;
  }

  /** Breaks off what runs; the next start begins anew. */
  @Override
  public void close() {
    Thread last;
    synchronized (this) {
      closed = true;
      last = worker;
    }
    if (last != null) {
      last.interrupt();
      try {
        last.join(LAST_MOMENT);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
