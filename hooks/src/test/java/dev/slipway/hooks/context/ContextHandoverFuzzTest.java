package dev.slipway.hooks.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.fuzz.FuzzRun;
import dev.slipway.hooks.commit.CommitTree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.junit.jupiter.api.Test;

/** A commit, one file in each line, {@code <path>} or, for a link, {@code <path> -> <target>}. */
class ContextHandoverFuzzTest {
  private static final int MAX_FILES = 40;

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    List<String> lines = new String(input, StandardCharsets.UTF_8).lines().toList();
    try (var repository = new InMemoryRepository(new DfsRepositoryDescription("fuzzed"))) {
      ObjectId tree;
      try {
        tree = tree(repository, lines.subList(0, Math.min(MAX_FILES, lines.size())));
      } catch (IllegalArgumentException | IllegalStateException e) {
        return; // No git writes such a tree.
      }
      try (ObjectReader reader = repository.newObjectReader()) {
        CommitTree commit = new CommitTree(reader, tree);
        if (!commit.strayLinks(commit.root()).isEmpty()) {
          return;
        }
      }
      Path directory = Files.createTempDirectory("fuzzed-context");
      try {
        var tar = new ByteArrayOutputStream();
        ContextTar.write(repository, new ContextSource.OfCommit(tree, Instant.EPOCH), tar);
        ContextUnpacker.unpack(new ByteArrayInputStream(tar.toByteArray()), directory);
        Path context = directory.resolve("context");
        assertThat(directory).isDirectoryNotContaining(it -> !it.equals(context));
        for (Path link : links(context)) {
          assertThat(staysIn(context, link)).as("%s stays inside", link).isTrue();
        }
      } finally {
        delete(directory);
      }
    }
  }

  private static ObjectId tree(InMemoryRepository repository, List<String> lines)
      throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      DirCache cache = DirCache.newInCore();
      DirCacheBuilder builder = cache.builder();
      for (String line : lines) {
        String[] parts = line.split(" -> ", 2);
        var entry = new DirCacheEntry(parts[0]);
        entry.setFileMode(parts.length > 1 ? FileMode.SYMLINK : FileMode.REGULAR_FILE);
        String content = parts.length > 1 ? parts[1] : "content";
        entry.setObjectId(
            inserter.insert(Constants.OBJ_BLOB, content.getBytes(StandardCharsets.UTF_8)));
        builder.add(entry);
      }
      builder.finish();
      ObjectId tree = cache.writeTree(inserter);
      inserter.flush();
      return tree;
    }
  }

  private static List<Path> links(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isSymbolicLink).toList();
    }
  }

  /** Follows it name by name, as the kernel does, also where there is nothing yet. */
  private static boolean staysIn(Path top, Path link) throws IOException {
    Deque<Path> ahead = new ArrayDeque<>();
    top.relativize(link).forEach(ahead::add);
    Path at = top;
    for (int steps = 0; !ahead.isEmpty() && steps < 1000; steps++) {
      Path next = at.resolve(ahead.pop()).normalize();
      if (!next.startsWith(top)) {
        return false;
      }
      if (!Files.isSymbolicLink(next)) {
        at = next;
        continue;
      }
      Path target = Files.readSymbolicLink(next);
      if (target.isAbsolute()) {
        return false;
      }
      for (int i = target.getNameCount() - 1; i >= 0; i--) {
        ahead.push(target.getName(i));
      }
    }
    return true;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  @Test
  void contextThatIsLetThroughUnpacksAndLeadsNowhereElse() {
    FuzzRun.of(ContextHandoverFuzzTest.class, ContextHandoverFuzzTest::fuzzerTestOneInput);
  }
}
