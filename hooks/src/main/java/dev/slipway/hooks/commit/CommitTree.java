package dev.slipway.hooks.commit;

import dev.slipway.crd.RepositoryPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.PathSuffixFilter;

/** The files of one commit, with symbolic links followed as long as they stay inside. */
public final class CommitTree {
  private static final int MAX_LINKS = 40;

  /** After so many Go, and with it Kaniko, gives a link up; the kernel long before. */
  private static final int MAX_LINKS_OF_GO = 255;

  /** Linux' PATH_MAX. */
  private static final int MAX_TARGET_BYTES = 4096;

  private static final int LFS_POINTER_BYTES = 1024;

  private final ObjectReader reader;
  private final ObjectId root;

  /** An entry after all links on the way to it. */
  public record Entry(RepositoryPath path, FileMode mode, ObjectId id) {
    public boolean isDirectory() {
      return FileMode.TREE.equals(mode.getBits());
    }

    public boolean isLink() {
      return FileMode.SYMLINK.equals(mode.getBits());
    }

    public boolean isFile() {
      return FileMode.REGULAR_FILE.equals(mode.getBits())
          || FileMode.EXECUTABLE_FILE.equals(mode.getBits());
    }
  }

  /** A symbolic link that leads out of the directory it must stay in. */
  public record StrayLink(String path, String target) {}

  /** What git only names and keeps elsewhere. */
  public record Elsewhere(String path, Kind kind) {

    /** Where it is kept. */
    public enum Kind {
      /** A commit of another repository, which a build would find as an empty folder. */
      SUBMODULE,
      /** An object of Git LFS, of which a build would find the pointer. */
      LFS_OBJECT
    }
  }

  /** Says in one sentence which link leads out of the repository. */
  public static final class StrayLinkException extends Exception {
    StrayLinkException(String message) {
      super(message);
    }
  }

  public CommitTree(ObjectReader reader, ObjectId root) {
    this.reader = reader;
    this.root = root;
  }

  /** The directory that everything lies in. */
  public Entry root() {
    return new Entry(new RepositoryPath(""), FileMode.TREE, root);
  }

  /**
   * Finds what lies at a path.
   *
   * @throws StrayLinkException if a link on the way leads out of the repository, or in a circle
   */
  public Optional<Entry> find(RepositoryPath path) throws IOException, StrayLinkException {
    Deque<String> ahead = new ArrayDeque<>(names(path.value()));
    List<String> behind = new ArrayList<>();
    Entry entry = root();
    int links = 0;
    while (!ahead.isEmpty()) {
      String name = ahead.pop();
      if (name.equals("..")) {
        if (behind.isEmpty()) {
          throw new StrayLinkException(
              "\"%s\" is a symbolic link that leads out of the repository".formatted(path));
        }
        behind.removeLast();
        continue;
      }
      behind.add(name);
      Optional<Entry> next = at(behind);
      if (next.isEmpty()) {
        return Optional.empty();
      }
      entry = next.get();
      if (entry.isLink()) {
        String target = target(entry.id());
        if (target.startsWith("/") || ++links > MAX_LINKS) {
          throw new StrayLinkException(
              "\"%s\" is a symbolic link that leads out of the repository, to \"%s\""
                  .formatted(entry.path(), target));
        }
        behind.removeLast();
        names(target).reversed().forEach(ahead::push);
      }
    }
    return at(behind);
  }

  /** The links below a directory of this commit that lead out of it, in the order of names. */
  public List<StrayLink> strayLinks(Entry directory) throws IOException {
    List<StrayLink> stray = new ArrayList<>();
    try (TreeWalk walk = new TreeWalk(reader)) {
      walk.addTree(directory.id());
      walk.setRecursive(true);
      while (walk.next()) {
        if (FileMode.SYMLINK.equals(walk.getRawMode(0))
            && leadsOut(directory.id(), walk.getPathString())) {
          stray.add(new StrayLink(walk.getPathString(), target(walk.getObjectId(0))));
        }
      }
    }
    return stray;
  }

  /** What lies below a directory of this commit in name only, in the order of names. */
  public List<Elsewhere> elsewhere(Entry directory) throws IOException {
    boolean lfs = usesLfs(directory);
    List<Elsewhere> found = new ArrayList<>();
    try (TreeWalk walk = new TreeWalk(reader)) {
      walk.addTree(directory.id());
      walk.setRecursive(true);
      while (walk.next()) {
        int mode = walk.getRawMode(0);
        if (FileMode.GITLINK.equals(mode)) {
          found.add(new Elsewhere(walk.getPathString(), Elsewhere.Kind.SUBMODULE));
        } else if (lfs && !FileMode.SYMLINK.equals(mode) && isLfsPointer(walk.getObjectId(0))) {
          found.add(new Elsewhere(walk.getPathString(), Elsewhere.Kind.LFS_OBJECT));
        }
      }
    }
    return found;
  }

  /** Whether a .gitattributes in, above or below a directory speaks of Git LFS. */
  private boolean usesLfs(Entry directory) throws IOException {
    List<String> above = new ArrayList<>(names(directory.path().value()));
    while (!above.isEmpty()) {
      above.removeLast();
      Optional<Entry> attributes =
          at(Stream.concat(above.stream(), Stream.of(".gitattributes")).toList());
      if (attributes.isPresent() && speaksOfLfs(attributes.get().id())) {
        return true;
      }
    }
    try (TreeWalk walk = new TreeWalk(reader)) {
      walk.addTree(directory.id());
      walk.setRecursive(true);
      walk.setFilter(PathSuffixFilter.create(".gitattributes"));
      while (walk.next()) {
        if (speaksOfLfs(walk.getObjectId(0))) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean speaksOfLfs(ObjectId attributes) throws IOException {
    return text(attributes).contains("filter=lfs");
  }

  /**
   * Whether a file is what Git LFS keeps in place of an object: less than 1,024 bytes that begin
   * with the version (git-lfs' docs/spec.md).
   */
  private boolean isLfsPointer(ObjectId blob) throws IOException {
    return reader.getObjectSize(blob, Constants.OBJ_BLOB) < LFS_POINTER_BYTES
        && text(blob).startsWith("version https://git-lfs.github.com/spec/");
  }

  /** Everything below a directory but the directories in between, in the order of names. */
  public List<Entry> below(Entry directory) throws IOException {
    List<Entry> found = new ArrayList<>();
    try (TreeWalk walk = new TreeWalk(reader)) {
      walk.addTree(directory.id());
      walk.setRecursive(true);
      while (walk.next()) {
        found.add(
            new Entry(
                directory.path().resolve(walk.getPathString()),
                walk.getFileMode(0),
                walk.getObjectId(0)));
      }
    }
    return found;
  }

  /**
   * The bytes of a file.
   *
   * @throws LargeObjectException if there are more than {@code limit}
   */
  public byte[] bytes(Entry file, int limit) throws IOException {
    ObjectLoader loader = reader.open(file.id());
    // JGit looks at a limit only above its own threshold of 50 MiB.
    if (loader.getSize() > limit) {
      throw new LargeObjectException.ExceedsLimit(limit, loader.getSize());
    }
    return loader.getCachedBytes(limit);
  }

  /** Paths of files that look like Dockerfiles, in the order of names. */
  public List<String> dockerfiles() throws IOException {
    List<String> found = new ArrayList<>();
    try (TreeWalk walk = new TreeWalk(reader)) {
      walk.addTree(root);
      walk.setRecursive(true);
      while (walk.next()) {
        String name = walk.getNameString();
        if (name.startsWith("Dockerfile") || name.endsWith(".Dockerfile")) {
          found.add(walk.getPathString());
        }
      }
    }
    return found;
  }

  private Optional<Entry> at(List<String> names) throws IOException {
    String path = String.join("/", names);
    if (path.isEmpty()) {
      return Optional.of(root());
    }
    try (TreeWalk walk = TreeWalk.forPath(reader, path, root)) {
      return walk == null
          ? Optional.empty()
          : Optional.of(
              new Entry(new RepositoryPath(path), walk.getFileMode(0), walk.getObjectId(0)));
    }
  }

  private String text(ObjectId blob) throws IOException {
    return new String(reader.open(blob).getCachedBytes(), StandardCharsets.UTF_8);
  }

  /**
   * Follows a link name by name, since {@code ..} behind another link leads elsewhere than its
   * letters say. What is not there is gone through as a directory.
   */
  private boolean leadsOut(ObjectId top, String path) throws IOException {
    Deque<String> ahead = new ArrayDeque<>(names(path));
    List<String> behind = new ArrayList<>();
    int links = 0;
    while (!ahead.isEmpty()) {
      String name = ahead.pop();
      if (name.equals("..")) {
        if (behind.isEmpty()) {
          return true;
        }
        behind.removeLast();
        continue;
      }
      behind.add(name);
      Optional<ObjectId> link = link(top, String.join("/", behind));
      if (link.isPresent()) {
        String target = target(link.get());
        if (target.isEmpty() || target.indexOf('\0') >= 0 || target.startsWith("/")) {
          return true;
        }
        if (++links > MAX_LINKS_OF_GO) {
          return false;
        }
        behind.removeLast();
        names(target).reversed().forEach(ahead::push);
      }
    }
    return false;
  }

  private Optional<ObjectId> link(ObjectId top, String path) throws IOException {
    try (TreeWalk walk = TreeWalk.forPath(reader, path, top)) {
      return walk != null && FileMode.SYMLINK.equals(walk.getRawMode(0))
          ? Optional.of(walk.getObjectId(0))
          : Optional.empty();
    }
  }

  /** One that no file system could have is cut: it leads out of everything. */
  private String target(ObjectId link) throws IOException {
    return reader.getObjectSize(link, Constants.OBJ_BLOB) > MAX_TARGET_BYTES ? "/…" : text(link);
  }

  private static List<String> names(String path) {
    return Arrays.stream(path.split("/", -1))
        .filter(name -> !name.isEmpty() && !name.equals("."))
        .toList();
  }
}
