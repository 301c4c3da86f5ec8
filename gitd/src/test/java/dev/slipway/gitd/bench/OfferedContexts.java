package dev.slipway.gitd.bench;

import dev.slipway.hooks.context.BuildContextServer;
import dev.slipway.hooks.context.BuildContexts;
import dev.slipway.hooks.context.ContextSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * A process that hands build contexts over as gitd does: for each folder of HEAD that it reads a
 * line about, it answers with URL and token.
 */
final class OfferedContexts {
  private OfferedContexts() {}

  public static void main(String... arguments) throws IOException {
    BuildContexts contexts = new BuildContexts();
    try (Repository repository = new FileRepository(Path.of(arguments[0]).toFile());
        BuildContextServer server = BuildContextServer.start(0, contexts);
        BufferedReader folders =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      int id = 0;
      for (String folder = folders.readLine(); folder != null; folder = folders.readLine()) {
        id++;
        BuildContexts.Offer offer = contexts.offer("" + id, repository, source(repository, folder));
        System.out.printf("http://127.0.0.1:%d/contexts/%d %s%n", server.port(), id, offer.token());
      }
    }
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
