package dev.slipway.hooks.context;

import static dev.slipway.hooks.TestRepository.file;
import static dev.slipway.hooks.TestRepository.link;
import static dev.slipway.hooks.TestRepository.program;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.slipway.hooks.TestRepository;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of a build context from the object database into a pod, over real HTTP. */
class ContextHandoverTest {
  private static final Instant COMMITTED = Instant.parse("2026-11-21T08:00:00Z");

  private final TestRepository git = new TestRepository();
  private final BuildContexts contexts = new BuildContexts();
  @TempDir private Path directory;
  private BuildContextServer server;
  private int port;

  @BeforeEach
  void start() throws IOException {
    server = BuildContextServer.start(0, contexts);
    port = server.port();
  }

  @AfterEach
  void stop() {
    server.close();
    git.close();
  }

  @Test
  void bringsTheSubtreeWithModesAndLinks() throws IOException {
    String big = "0123456789abcdef".repeat(100_000);
    ObjectId commit =
        git.commit(
            Map.of(
                "web/Dockerfile",
                file("FROM scratch\n"),
                "web/.dockerignore",
                file("*.md\n"),
                "web/bin/run",
                program("#!/bin/sh\n"),
                "web/latest",
                link("bin/run"),
                "web/ü/" + "long".repeat(40) + ".txt",
                file("long name"),
                "web/big",
                file(big),
                "other/secret",
                file("not for this build")));

    int exit = fetch("b1", contexts.offer("b1", git.repository(), source(commit)));

    assertThat(exit).isZero();
    Path context = directory.resolve("into/context");
    assertThat(context.resolve("big")).hasContent(big);
    assertThat(context.resolve("ü").resolve("long".repeat(40) + ".txt")).hasContent("long name");
    assertThat(Files.isExecutable(context.resolve("bin/run"))).isTrue();
    assertThat(Files.readSymbolicLink(context.resolve("latest"))).hasToString("bin/run");
    assertThat(Files.getLastModifiedTime(context.resolve("big")).toInstant()).isEqualTo(COMMITTED);
    assertThat(directory.resolve("into/dockerfile/Dockerfile")).hasContent("FROM scratch\n");
    assertThat(directory.resolve("into")).isDirectoryNotContaining("glob:**.tar");
    assertThat(Files.exists(context.resolve("secret"))).isFalse();
  }

  @Test
  void givesTheSameBytesForTheSameSource() throws IOException {
    ObjectId commit = git.commit(Map.of("web/Dockerfile", file("FROM scratch\n")));

    assertThat(contexts.offer("b1", git.repository(), source(commit)).sha256())
        .isEqualTo(contexts.offer("b2", git.repository(), source(commit)).sha256());
  }

  @Test
  void streamsALargeFileInsteadOfHoldingIt() throws IOException {
    int size = 32 << 20;
    try (Repository onDisk = new FileRepository(directory.resolve("large.git").toFile())) {
      onDisk.create(/* bare= */ true);
      ContextSource source =
          new ContextSource.OfCommit(tree(onDisk, "noughts", new byte[size]), COMMITTED);
      ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = memory.getCurrentThreadAllocatedBytes();

      long bytes = contexts.offer("b1", onDisk, source).bytes();

      assertThat(bytes).isGreaterThan(size);
      assertThat(memory.getCurrentThreadAllocatedBytes() - before).isLessThan(size / 2);
    }
  }

  @Test
  void answersOnlyTheTokenOfThisBuildAndOnlyUntilItEnds() throws Exception {
    ObjectId commit = git.commit(Map.of("web/Dockerfile", file("FROM scratch\n")));
    BuildContexts.Offer mine = contexts.offer("b1", git.repository(), source(commit));
    BuildContexts.Offer other = contexts.offer("b2", git.repository(), source(commit));

    assertThat(status("/contexts/b1", "Bearer " + mine.token())).isEqualTo(200);
    assertThat(status("/contexts/b1", "Bearer " + other.token())).isEqualTo(401);
    assertThat(status("/contexts/b1", mine.token())).isEqualTo(401);
    assertThat(status("/contexts/b3", "Bearer " + mine.token())).isEqualTo(404);
    assertThat(status("/contexts/", "Bearer " + mine.token())).isEqualTo(404);
    assertThat(status("/", "Bearer " + mine.token())).isEqualTo(404);
    mine.close();
    assertThat(status("/contexts/b1", "Bearer " + mine.token())).isEqualTo(404);
  }

  /** Of a push that has ended, say, in the hands of whoever ran in its build. */
  @Test
  void tokenOfOneCommitOpensNoOther() throws Exception {
    ObjectId mine = git.commit(Map.of("web/Dockerfile", file("FROM scratch\n")));
    ObjectId secret = git.commit(Map.of("web/Dockerfile", file("FROM secret\n")));
    BuildContexts.Offer ofMine = contexts.offer("b1", git.repository(), source(mine));
    try (BuildContexts.Offer ofSecret = contexts.offer("b2", git.repository(), source(secret))) {
      assertThat(status("/contexts/b2", "Bearer " + ofMine.token())).isEqualTo(401);
      assertThat(status("/contexts/b2", "Bearer " + ofSecret.token())).isEqualTo(200);
    }
    ofMine.close();
    try (BuildContexts.Offer again = contexts.offer("b1", git.repository(), source(secret))) {
      assertThat(status("/contexts/b1", "Bearer " + ofMine.token())).isEqualTo(401);
      assertThat(status("/contexts/b1", "Bearer " + again.token())).isEqualTo(200);
    }
  }

  @Test
  void unpacksNothingThatHasAnotherChecksum() throws IOException {
    ObjectId commit = git.commit(Map.of("web/Dockerfile", file("FROM scratch\n")));
    BuildContexts.Offer offer = contexts.offer("b1", git.repository(), source(commit));

    int exit = fetch("b1", offer.token(), "0".repeat(64));

    assertThat(exit).isEqualTo(1);
    assertThat(directory.resolve("into")).isEmptyDirectory();
    assertThat(directory.resolve("message")).content().contains("its SHA-256 is");
  }

  @Test
  void saysInOneSentenceThatTheBuildHasEnded() throws IOException {
    ObjectId commit = git.commit(Map.of("web/Dockerfile", file("FROM scratch\n")));
    BuildContexts.Offer offer = contexts.offer("b1", git.repository(), source(commit));
    offer.close();

    assertThat(fetch("b1", offer)).isEqualTo(1);
    assertThat(directory.resolve("message"))
        .hasContent(
            "The build context could not be fetched: gitd answered 404; the push that it belongs to"
                + " has ended");
  }

  @Test
  void waitsForAServiceThatDoesNotAnswerYetAndThenGivesUp() throws IOException {
    ObjectId commit = git.commit(Map.of("web/Dockerfile", file("FROM scratch\n")));
    BuildContexts.Offer offer = contexts.offer("b1", git.repository(), source(commit));
    try (Socket taken = new Socket()) {
      // Nobody listens there, and nobody else will.
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      port = taken.getLocalPort();

      assertThat(fetch("b1", offer)).isEqualTo(1);
    }
    assertThat(directory.resolve("message")).content().contains("no connection to 127.0.0.1");
  }

  @Test
  void leavesTheBuilderLoginsUnderTheirUsualNames() throws IOException {
    ObjectId commit = git.commit(Map.of("web/Dockerfile", file("FROM scratch\n")));
    BuildContexts.Offer offer = contexts.offer("b1", git.repository(), source(commit));
    String login = "{\"auth\":\"YW5hOnMzY3JldA==\"}";
    Path secret =
        Files.writeString(directory.resolve(".dockercfg"), "{\"docker.io\":" + login + "}");

    assertThat(
            fetch(
                "b1",
                offer.token(),
                offer.sha256(),
                "--credentials=" + secret,
                "--image=docker.io/ana/web:1",
                "--docker-config=" + directory))
        .isZero();
    assertThat(directory.resolve("config.json"))
        .hasContent("{\"auths\":{\"https://index.docker.io/v1/\":" + login + "}}");
  }

  /** One file alone. */
  private static ObjectId tree(Repository repository, String name, byte[] content)
      throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      TreeFormatter tree = new TreeFormatter();
      tree.append(name, FileMode.REGULAR_FILE, inserter.insert(Constants.OBJ_BLOB, content));
      ObjectId id = inserter.insert(tree);
      inserter.flush();
      return id;
    }
  }

  private int fetch(String id, BuildContexts.Offer offer) throws IOException {
    return fetch(id, offer.token(), offer.sha256());
  }

  private int fetch(String id, String token, String sha256, String... more) throws IOException {
    Path into = Files.createDirectories(directory.resolve("into"));
    Path tokenFile = Files.writeString(directory.resolve("token"), token);
    List<String> args =
        new ArrayList<>(
            List.of(
                "--url=http://127.0.0.1:" + port + "/contexts/" + id,
                "--token-file=" + tokenFile,
                "--sha256=" + sha256,
                "--into=" + into,
                "--patience=PT0.2S",
                "--termination-log=" + directory.resolve("message")));
    args.addAll(List.of(more));
    return FetchContext.run(args.toArray(String[]::new));
  }

  private int status(String path, String authorization) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                  .header("Authorization", authorization)
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  private ContextSource source(ObjectId commit) throws IOException {
    try (RevWalk walk = new RevWalk(git.repository());
        TreeWalk tree =
            TreeWalk.forPath(git.repository(), "web", walk.parseCommit(commit).getTree());
        TreeWalk dockerfile =
            TreeWalk.forPath(
                git.repository(), "web/Dockerfile", walk.parseCommit(commit).getTree())) {
      return new ContextSource.OfBuild(
          tree.getObjectId(0), "Dockerfile", dockerfile.getObjectId(0), null, COMMITTED);
    }
  }
}
