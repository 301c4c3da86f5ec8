package dev.slipway.gitd.repo;

import dev.slipway.gitd.repo.LiveObjects.Live;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jgit.internal.storage.file.Pack;
import org.eclipse.jgit.internal.storage.file.PackIndex;

/**
 * A pack, and what of it is still wanted.
 *
 * @param bytes that it takes
 * @param live the objects in it that something leads to
 * @param liveBytes that they take in it
 */
record StoredPack(Pack pack, long bytes, List<Live> live, long liveBytes) {

  static StoredPack of(Pack pack, LiveObjects all) throws IOException {
    long bytes = ObjectFiles.bytes(pack);
    long[] offsets = offsets(pack);
    List<Live> live = new ArrayList<>();
    long liveBytes = 0;
    for (PackIndex.MutableEntry entry : pack) {
      Live object = all.find(entry.toObjectId());
      if (object != null) {
        live.add(object);
        int at = Arrays.binarySearch(offsets, entry.getOffset());
        liveBytes += (at + 1 < offsets.length ? offsets[at + 1] : bytes) - offsets[at];
      }
    }
    return new StoredPack(pack, bytes, List.copyOf(live), liveBytes);
  }

  /** Where objects begin, in order: one ends where the next begins. */
  private static long[] offsets(Pack pack) throws IOException {
    long[] offsets = new long[Math.toIntExact(pack.getIndex().getObjectCount())];
    int count = 0;
    for (PackIndex.MutableEntry entry : pack) {
      offsets[count++] = entry.getOffset();
    }
    Arrays.sort(offsets);
    return offsets;
  }

  /** Whether something in it could go. */
  boolean hasGarbage() throws IOException {
    return live.size() < pack.getIndex().getObjectCount();
  }
}
