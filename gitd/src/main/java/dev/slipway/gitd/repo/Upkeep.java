package dev.slipway.gitd.repo;

import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import org.eclipse.jgit.api.PackRefsCommand;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.CancelledException;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.internal.storage.file.GC;
import org.eclipse.jgit.internal.storage.file.Pack;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.storage.pack.PackConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the repository small and quick: packs refs and objects anew, and deletes what no ref and no
 * younger reflog leads to. One run at a time, in the background, while pushes and fetches go on.
 *
 * <p>Nothing that is deleted can be missed: a run begins only when no push is under way, so none
 * counts on objects of a ref that has gone since; and no push lands between the look at the packs
 * and the look at the refs.
 */
final class Upkeep implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);
  private static final Duration LAST_MOMENT = Duration.ofSeconds(5);

  private final FileRepository repository;
  private final Volume volume;
  private final UpkeepPlan plan;
  private final InstantSource clock;
  private final Lock noLanding;
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile @Nullable Thread worker;
  private volatile boolean closed;
  private int pushes;
  private boolean changed = true;

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

  synchronized void pushBegan() {
    pushes++;
  }

  /** Starts a run if that is worth it; does not wait for it. */
  synchronized void pushEnded(boolean refsMoved) {
    pushes--;
    changed |= refsMoved;
    if (pushes == 0 && !closed && changed && running.compareAndSet(false, true)) {
      worker = Thread.ofPlatform().name("upkeep").daemon().start(this::runIfWorthIt);
    }
  }

  private void runIfWorthIt() {
    try {
      var packs = repository.getObjectDatabase().getPacks();
      long bytes = packs.stream().mapToLong(pack -> pack.getPackFile().length()).sum();
      switch (plan.decide(packs.size(), bytes, volume.free(), clock.instant())) {
        case REPACK -> run(plan.reflogAge());
        case REPACK_WITHOUT_REFLOGS -> run(Duration.ZERO);
        case NO_ROOM ->
            log.atWarn()
                .addKeyValue("free", volume.free())
                .addKeyValue("packs", bytes)
                .log("too little room on the volume to repack");
        case NOTHING -> {}
      }
    } catch (CancelledException e) {
      log.info("upkeep stopped");
    } catch (IOException | ParseException | GitAPIException | RuntimeException e) {
      log.atWarn().setCause(e).log("upkeep failed");
    } catch (OutOfMemoryError e) {
      log.atWarn().addKeyValue("cause", e.toString()).log("too little memory for upkeep");
    } finally {
      running.set(false);
    }
  }

  private void run(Duration reflogAge) throws IOException, ParseException, GitAPIException {
    long start = System.nanoTime();
    var firstLook = new Holding(noLanding);
    try {
      synchronized (this) {
        if (pushes > 0) {
          return;
        }
        changed = false;
      }
      plan.ran(clock.instant());
      Reflogs.dropBefore(repository.getDirectory().toPath(), clock.instant().minus(reflogAge));
      var _ = new PackRefsCommand(repository).setAll(true).call();
      GC gc = new GC(repository);
      gc.setPackConfig(packConfig());
      gc.setPackExpireAgeMillis(0);
      gc.setProgressMonitor(firstLook);
      var packs = gc.repack();
      gc.prune(Set.of());
      log.atInfo()
          .addKeyValue("packs", packs.size())
          .addKeyValue("bytes", packs.stream().mapToLong(Upkeep::bytes).sum())
          .addKeyValue("ms", (System.nanoTime() - start) / 1_000_000)
          .log("repository repacked");
    } finally {
      firstLook.end();
    }
  }

  /** JGit's first task begins when it has seen packs, refs and reflogs. */
  private static final class Holding extends EmptyProgressMonitor {
    private final Lock lock;
    private boolean held = true;

    Holding(Lock lock) {
      this.lock = lock;
      lock.lock();
    }

    @Override
    public void beginTask(String title, int totalWork) {
      end();
    }

    void end() {
      if (held) {
        held = false;
        lock.unlock();
      }
    }
  }

  private static long bytes(Pack pack) {
    return pack.getPackFile().length();
  }

  /** What JGit takes by default is more than gitd's whole heap. */
  private PackConfig packConfig() {
    long heap = Runtime.getRuntime().maxMemory();
    PackConfig config = new PackConfig(repository);
    config.setThreads(1);
    config.setDeltaSearchMemoryLimit(heap / 16);
    config.setDeltaCacheSize(heap / 32);
    config.setBigFileThreshold((int) Math.min(heap / 32, Integer.MAX_VALUE));
    config.setBuildBitmaps(false);
    return config;
  }

  /** Breaks off what runs; the next start begins anew. */
  @Override
  public void close() {
    closed = true;
    Thread last = worker;
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
