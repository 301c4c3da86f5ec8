package dev.slipway.hooks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;

/** A repository in memory. */
public final class TestRepository implements AutoCloseable {
  private final InMemoryRepository repository =
      new InMemoryRepository(new DfsRepositoryDescription("test"));

  private String author = "Ana";

  /** A file of a commit. */
  public record TestFile(FileMode mode, String content) {}

  public Repository repository() {
    return repository;
  }

  /** The name of the author of all commits from now on. */
  public void authoredBy(String name) {
    author = name;
  }

  public static TestFile file(String content) {
    return new TestFile(FileMode.REGULAR_FILE, content);
  }

  public static TestFile program(String content) {
    return new TestFile(FileMode.EXECUTABLE_FILE, content);
  }

  public static TestFile link(String target) {
    return new TestFile(FileMode.SYMLINK, target);
  }

  /** A commit of another repository, named by the content's hash. */
  public static TestFile submodule() {
    return new TestFile(FileMode.GITLINK, "elsewhere");
  }

  public ObjectId commit(Map<String, TestFile> files, ObjectId... parents) throws IOException {
    return commit("Bigger buttons", files, parents);
  }

  /** Stores a commit without moving any ref. */
  public ObjectId commit(String message, Map<String, TestFile> files, ObjectId... parents)
      throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      DirCache index = DirCache.newInCore();
      DirCacheBuilder builder = index.builder();
      for (Map.Entry<String, TestFile> file : new TreeMap<>(files).entrySet()) {
        DirCacheEntry entry = new DirCacheEntry(file.getKey());
        entry.setFileMode(file.getValue().mode());
        entry.setObjectId(
            inserter.insert(
                Constants.OBJ_BLOB, file.getValue().content().getBytes(StandardCharsets.UTF_8)));
        builder.add(entry);
      }
      builder.finish();
      CommitBuilder commit = new CommitBuilder();
      commit.setTreeId(index.writeTree(inserter));
      commit.setParentIds(parents);
      commit.setMessage(message);
      PersonIdent ana =
          new PersonIdent(
              author, "ana@example.org", Instant.parse("2026-11-21T08:00:00Z"), ZoneOffset.UTC);
      commit.setAuthor(ana);
      commit.setCommitter(ana);
      ObjectId id = inserter.insert(commit);
      inserter.flush();
      return id;
    }
  }

  public void moveRef(String ref, ObjectId id) throws IOException {
    RefUpdate update = repository.updateRef(ref);
    update.setNewObjectId(id);
    update.forceUpdate();
  }

  @Override
  public void close() {
    repository.close();
  }
}
