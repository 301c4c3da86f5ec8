package dev.slipway.hooks.context;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * Writes what a Job needs of a commit as a tar: {@code context/…} is the tree, {@code
 * dockerfile/<name>} the Dockerfile of a build. The same source always gives the same bytes, and
 * names are git's own. Submodules become empty directories.
 */
final class ContextTar {
  private static final int DIRECTORY = 0755;
  private static final int FILE = 0644;
  private static final int EXECUTABLE = 0755;

  /** Bytes of a file that is streamed; JGit would hold one of up to 50 MB, for each build. */
  private static final int LARGE_FILE = 8 << 20;

  private final ObjectReader reader;
  private final TarArchiveOutputStream tar;
  private final ContextSource source;

  private ContextTar(ObjectReader reader, TarArchiveOutputStream tar, ContextSource source) {
    this.reader = reader;
    this.tar = tar;
    this.source = source;
  }

  /** Streams it straight from the object database; {@code out} stays open. */
  static void write(Repository repository, ContextSource source, OutputStream out)
      throws IOException {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out, TarNames.CHARSET.name());
    // POSIX's way has long names in UTF-8, whatever they are.
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    try (ObjectReader reader = repository.newObjectReader()) {
      reader.setStreamFileThreshold(LARGE_FILE);
      new ContextTar(reader, tar, source).write();
    }
    tar.finish();
    out.flush();
  }

  private void write() throws IOException {
    directory("context/");
    try (TreeWalk walk = new TreeWalk(reader)) {
      walk.addTree(source.tree());
      while (walk.next()) {
        String name = "context/" + TarNames.of(walk.getRawPath());
        entry(name, walk.getFileMode(0), walk.getObjectId(0));
        if (walk.isSubtree()) {
          walk.enterSubtree();
        }
      }
    }
    if (source instanceof ContextSource.OfBuild build) {
      dockerfile(build);
    }
  }

  private void dockerfile(ContextSource.OfBuild build) throws IOException {
    directory("dockerfile/");
    String dockerfile = "dockerfile/" + TarNames.of(build.dockerfileName());
    file(dockerfile, FILE, build.dockerfile());
    ObjectId ignore = build.dockerignore();
    if (ignore != null) {
      file(dockerfile + ".dockerignore", FILE, ignore);
    }
  }

  private void entry(String name, FileMode mode, ObjectId id) throws IOException {
    switch (mode.getBits() & FileMode.TYPE_MASK) {
      case FileMode.TYPE_TREE, FileMode.TYPE_GITLINK -> directory(name + "/");
      case FileMode.TYPE_SYMLINK -> link(name, id);
      default ->
          file(name, FileMode.EXECUTABLE_FILE.equals(mode.getBits()) ? EXECUTABLE : FILE, id);
    }
  }

  private void directory(String name) throws IOException {
    TarArchiveEntry entry = stamped(new TarArchiveEntry(name), DIRECTORY);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  private void link(String name, ObjectId id) throws IOException {
    TarArchiveEntry entry = stamped(new TarArchiveEntry(name, TarConstants.LF_SYMLINK), 0777);
    entry.setLinkName(TarNames.of(reader.open(id).getBytes()));
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  private void file(String name, int mode, ObjectId id) throws IOException {
    ObjectLoader blob = reader.open(id);
    TarArchiveEntry entry = stamped(new TarArchiveEntry(name), mode);
    entry.setSize(blob.getSize());
    tar.putArchiveEntry(entry);
    blob.copyTo(tar);
    tar.closeArchiveEntry();
  }

  private TarArchiveEntry stamped(TarArchiveEntry entry, int mode) {
    entry.setMode(mode);
    entry.setModTime(source.committed().toEpochMilli());
    entry.setUserId(0);
    entry.setGroupId(0);
    return entry;
  }
}
