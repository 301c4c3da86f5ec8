package dev.slipway.gitd.bench;

import com.sun.management.GarbageCollectionNotificationInfo;
import dev.slipway.hooks.context.BuildContextServer;
import dev.slipway.hooks.context.BuildContexts;
import dev.slipway.hooks.context.ContextSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * A process that hands build contexts over as gitd does: for each folder of HEAD that it reads a
 * line about, it answers with URL and token; to {@link #LEFT}, with the bytes of the heap that the
 * full collection left which has left most so far.
 */
final class OfferedContexts {
  static final String LEFT = "?";

  private OfferedContexts() {}

  public static void main(String... arguments) throws IOException {
    BuildContexts contexts = new BuildContexts();
    AtomicLong left = new AtomicLong();
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) collector)
          .addNotificationListener(
              (notification, _) -> left.accumulateAndGet(leftBy(notification), Math::max),
              null,
              null);
    }
    try (Repository repository = new FileRepository(Path.of(arguments[0]).toFile());
        BuildContextServer server = BuildContextServer.start(0, contexts);
        BufferedReader folders =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      int id = 0;
      for (String folder = folders.readLine(); folder != null; folder = folders.readLine()) {
        if (folder.equals(LEFT)) {
          System.gc();
          long now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
          System.out.println(left.accumulateAndGet(now, Math::max));
        } else {
          id++;
          BuildContexts.Offer offer =
              contexts.offer("" + id, repository, source(repository, folder));
          System.out.printf(
              "http://127.0.0.1:%d/contexts/%d %s%n", server.port(), id, offer.token());
        }
      }
    }
  }

  /** Bytes; of the garbage that the others leave nothing is known. */
  private static long leftBy(Notification collection) {
    GarbageCollectionNotificationInfo info =
        GarbageCollectionNotificationInfo.from((CompositeData) collection.getUserData());
    if (!info.getGcAction().equals("end of major GC")) {
      return 0;
    }
    Set<String> heap =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getName)
            .collect(Collectors.toSet());
    return info.getGcInfo().getMemoryUsageAfterGc().entrySet().stream()
        .filter(pool -> heap.contains(pool.getKey()))
        .mapToLong(pool -> pool.getValue().getUsed())
        .sum();
  }

  /** An empty name stands for all of it. */
  private static ContextSource source(Repository repository, String folder) throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      RevCommit commit = walk.parseCommit(repository.resolve(Constants.HEAD));
      return new ContextSource.OfCommit(
          tree(repository, commit, folder), Instant.ofEpochSecond(commit.getCommitTime()));
    }
  }

  private static ObjectId tree(Repository repository, RevCommit commit, String folder)
      throws IOException {
    if (folder.isEmpty()) {
      return commit.getTree();
    }
    try (TreeWalk found = TreeWalk.forPath(repository, folder, commit.getTree())) {
      return found.getObjectId(0);
    }
  }
}
