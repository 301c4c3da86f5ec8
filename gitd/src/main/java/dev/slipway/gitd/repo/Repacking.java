package dev.slipway.gitd.repo;

import dev.slipway.gitd.repo.LiveObjects.Live;
import dev.slipway.gitd.repo.ObjectFiles.Loose;
import dev.slipway.gitd.repo.ObjectFiles.TooLargeException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.internal.storage.file.GC;
import org.eclipse.jgit.internal.storage.file.Pack;
import org.eclipse.jgit.internal.storage.pack.PackWriter;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.pack.PackConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what was seen at one moment into fewer packs or less room. Packs that have come since are
 * left alone, and nothing that is live is ever in no pack.
 */
final class Repacking {
  private static final Logger log = LoggerFactory.getLogger(Repacking.class);

  private final FileRepository repository;
  private final Volume volume;
  private final ObjectFiles files;
  private final Seen seen;
  private final LiveObjects live;
  private final List<StoredPack> packs = new ArrayList<>();

  /**
   * What there was at one moment.
   *
   * @param roots what refs, reflogs and open pushes hold on to
   */
  record Seen(Collection<Pack> packs, List<Loose> loose, Set<ObjectId> roots) {}

  Repacking(FileRepository repository, Volume volume, Seen seen) throws IOException {
    this.repository = repository;
    this.volume = volume;
    this.files = new ObjectFiles(repository);
    this.seen = seen;
    this.live = LiveObjects.reachedFrom(seen.roots(), repository);
    for (Pack pack : seen.packs()) {
      packs.add(StoredPack.of(pack, live));
    }
  }

  /**
   * Deletes what nothing leads to. A pack of which nothing is needed just goes; one that is needed
   * in part is written anew where the volume has room for that part.
   *
   * @return bytes that nothing leads to and that had to stay
   */
  long makeRoom() throws IOException {
    for (Loose object : seen.loose()) {
      if (live.find(object.id()) == null) {
        Files.deleteIfExists(object.file());
      }
    }
    deleteUnneeded();
    long stayed = 0;
    packs.sort(Comparator.comparingLong(StoredPack::liveBytes));
    for (StoredPack pack : List.copyOf(packs)) {
      if (pack.hasGarbage()
          && !(pack.liveBytes() < volume.free() && rewrite(List.of(pack), pack.bytes()))) {
        stayed += pack.bytes() - pack.liveBytes();
      }
    }
    return stayed;
  }

  /** Of an object in two packs, the larger one's counts. */
  private void deleteUnneeded() throws IOException {
    Set<ObjectId> elsewhere = new HashSet<>();
    packs.sort(Comparator.comparingLong(StoredPack::bytes).reversed());
    List<StoredPack> unneeded = new ArrayList<>();
    for (StoredPack pack : packs) {
      if (elsewhere.containsAll(pack.live())) {
        unneeded.add(pack);
      } else {
        elsewhere.addAll(pack.live());
      }
    }
    packs.removeAll(unneeded);
    files.delete(unneeded.stream().map(StoredPack::pack).toList());
  }

  /**
   * Makes one pack of all, or of as many small ones as fit beside themselves.
   *
   * @param room bytes that the new pack may take
   * @return how many packs have become one
   */
  int merge(long room) throws IOException {
    deleteUnneeded();
    packs.sort(Comparator.comparingLong(StoredPack::liveBytes));
    List<StoredPack> chosen = new ArrayList<>();
    long left = room;
    for (StoredPack pack : packs) {
      left -= pack.liveBytes();
      if (left < 0) {
        break;
      }
      chosen.add(pack);
    }
    if (chosen.size() < 2 || !rewrite(chosen, room)) {
      return 0;
    }
    new GC(repository).prunePacked();
    return chosen.size();
  }

  /**
   * Writes what is live in some packs into a new one and deletes them.
   *
   * @param limit bytes for the new one: an object grows when the one goes that it was the change to
   */
  private boolean rewrite(List<StoredPack> old, long limit) throws IOException {
    boolean all = old.size() == packs.size();
    try (PackWriter writer = new PackWriter(config(), repository.newObjectReader());
        RevWalk walk = new RevWalk(repository)) {
      writer.setDeltaBaseAsOffset(true);
      writer.setReuseDeltaCommits(false);
      if (all) {
        writer.preparePack(
            ObjectFiles.UNTIL_INTERRUPTED, seen.roots(), PackWriter.NONE, PackWriter.NONE);
      } else {
        writer.preparePack(objects(old, walk).iterator());
      }
      packs.add(StoredPack.of(files.write(writer, limit), live));
    } catch (TooLargeException e) {
      log.atInfo().addKeyValue("bytes", limit).log("not worth repacking");
      return false;
    }
    packs.removeAll(old);
    files.delete(old.stream().map(StoredPack::pack).toList());
    return true;
  }

  private static List<RevObject> objects(List<StoredPack> packs, RevWalk walk) {
    Set<ObjectId> taken = new HashSet<>();
    List<RevObject> objects = new ArrayList<>();
    for (StoredPack pack : packs) {
      for (Live object : pack.live()) {
        if (taken.add(object)) {
          objects.add(walk.lookupAny(object, object.type()));
        }
      }
    }
    return objects;
  }

  /** What JGit takes by default is more than gitd's whole heap. */
  private PackConfig config() {
    long heap = Runtime.getRuntime().maxMemory();
    PackConfig config = new PackConfig(repository);
    config.setThreads(1);
    config.setDeltaSearchMemoryLimit(heap / 16);
    config.setDeltaCacheSize(heap / 32);
    config.setBigFileThreshold((int) Math.min(heap / 32, Integer.MAX_VALUE));
    config.setBuildBitmaps(false);
    return config;
  }
}
