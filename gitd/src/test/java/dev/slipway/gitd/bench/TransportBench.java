package dev.slipway.gitd.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.BenchRow;
import dev.slipway.demo.cluster.BenchRow.Goal;
import dev.slipway.demo.cluster.ClusterExtension;
import dev.slipway.gitd.Developer;
import dev.slipway.gitd.Eventually;
import dev.slipway.gitd.Noise;
import dev.slipway.gitd.ServedGitd;
import dev.slipway.gitd.SshTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Prints what pushes, fetches and connections cost with gitd and with OpenSSH and C git, in turns;
 * {@code make bench}.
 */
@Isolated("measures")
class TransportBench {
  private static final int ROUNDS = Integer.getInteger("slipway.bench.rounds", 3);
  private static final int MEGABYTE = 1_000_000;
  private static final String AGAINST = "OpenSSH + C git";

  /** As the JVM chooses itself in a pod of 512 MiB, of which gitd's Deployment gives it half. */
  private static final List<String> OPTIONS =
      Stream.concat(
              Stream.of("-XX:+UseSerialGC", "-Xms8m", "-Xmx256m"),
              Stream.of(System.getProperty("slipway.bench.options", "").split(" ", -1)))
          .filter(option -> !option.isEmpty())
          .toList();

  @RegisterExtension static final ClusterExtension cluster = ClusterExtension.apiOnly();

  @TempDir static Path folder;
  private static Developer ana;
  private static ServedGitd ours;
  private static OpenSshGit theirs;
  private int branches;

  /** What is done to one of both. */
  private interface Step {
    void to(SshTarget server) throws Exception;
  }

  /** What the rounds of a step took. */
  private record Costs(List<Double> wall, List<Double> cpu) {
    Costs() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    void measure(SshTarget server, ProcessTree tree, Step step) throws Exception {
      double before = tree.cpuSeconds();
      long start = System.nanoTime();
      step.to(server);
      wall.add((System.nanoTime() - start) / 1e9);
      cpu.add(tree.cpuSeconds() - before);
    }
  }

  /** Both sides of a comparison. */
  private record Comparison(Costs ours, Costs theirs) {
    void reportWall(String what, double goal) throws IOException {
      BenchRow.compared(what, "s", ours.wall, AGAINST, theirs.wall, Goal.atMost(goal)).report();
    }

    void reportCpu(String what, double goal) throws IOException {
      BenchRow.compared(what, "s", ours.cpu, AGAINST, theirs.cpu, Goal.atMost(goal)).report();
    }
  }

  @BeforeAll
  static void start() throws Exception {
    ana = Developer.withKey(folder, "ana", "-t", "ed25519");
    ours =
        ServedGitd.start(
            cluster, "default", Files.createDirectory(folder.resolve("ours")), OPTIONS);
    ours.publish(ana);
    ours.awaitReady();
    theirs = OpenSshGit.start(Files.createDirectory(folder.resolve("theirs")), ana);
  }

  @AfterAll
  static void stop() {
    ours.close();
    theirs.close();
  }

  @Test
  void printsItsTable() throws Exception {
    small();
    connections();
    large();
  }

  private void small() throws Exception {
    Path project = project("small");
    ana.commit(project, "README", "first\n");
    push(project, "first").to(ours);
    push(project, "first").to(theirs);
    compare(
            () -> {
              ana.commit(project, "README", branches + "\n");
              return push(project, "first");
            })
        .reportWall("push of one commit", 1);
    compare(() -> push(noise("ten", 10), "ten" + branches)).reportWall("push of 10 MB", 1);
    compare(() -> this::lsRemote).reportWall("ls-remote", 1);
  }

  private void connections() throws Exception {
    Step many = server -> atOnce(50, i -> ana.succeed(lsRemote(server)));
    Comparison connections = compare(() -> many);
    connections.reportWall("50 connections at once", 1);
    connections.reportCpu("50 connections at once, CPU", 1);
    List<Path> projects = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      projects.add(project("eight" + i));
    }
    compare(
            () -> {
              String branch = "eight" + branches;
              for (Path project : projects) {
                ana.commit(project, "README", branch + project);
              }
              return server -> atOnce(8, i -> push(projects.get(i), branch + "-" + i).to(server));
            })
        .reportWall("8 pushes at once", 1);
  }

  private void large() throws Exception {
    Comparison large = compare(() -> push(noise("large", 210), "large" + branches));
    large.reportWall("push of 210 MB", 0.75);
    large.reportCpu("push of 210 MB, CPU", 1);
    double peak = new ProcessTree(ours.process().toHandle()).peakMebibytes();
    BenchRow.alone("gitd's peak of memory after all this", "MiB", List.of(peak), Goal.atMost(256))
        .report();
  }

  /** Makes a step for each round. */
  private interface Preparation {
    Step step() throws Exception;
  }

  /** Does the same to both in turns, each being the first one in every other round. */
  private Comparison compare(Preparation preparation) throws Exception {
    ProcessTree ourTree = new ProcessTree(ours.process().toHandle());
    ProcessTree theirTree = new ProcessTree(theirs.process().toHandle());
    Costs here = new Costs();
    Costs there = new Costs();
    for (int round = 0; round < ROUNDS; round++) {
      branches++;
      Step step = preparation.step();
      if (round % 2 == 0) {
        here.measure(ours, ourTree, step);
      }
      there.measure(theirs, theirTree, step);
      if (round % 2 == 1) {
        here.measure(ours, ourTree, step);
      }
    }
    return new Comparison(here, there);
  }

  /** A new clone of nothing; what is measured is the server, not the client's zlib. */
  private static Path project(String name) {
    Path project = ana.project(name, ours);
    ana.succeed(ana.git(project, "config", "core.compression", "0"));
    ana.succeed(ana.git(project, "config", "pack.window", "0"));
    return project;
  }

  /** One with a pack of so many files of 1 MB, each time others. */
  private Path noise(String name, int files) throws Exception {
    Path project = project(name + branches);
    for (int i = 0; i < files; i++) {
      Noise.write(project.resolve("noise%d-%d".formatted(branches, i)), MEGABYTE);
    }
    ana.commit(project, "README", name + "\n");
    ana.succeed(ana.git(project, "repack", "-adq"));
    return project;
  }

  private static Step push(Path project, String branch) {
    return server -> {
      String refs = "HEAD:refs/heads/" + branch;
      ana.succeed(overDefaults(project, "push", "-q", server.url(), refs));
    };
  }

  private Developer.Ran lsRemote(SshTarget server) {
    return ana.succeed(overDefaults(ana.home(), "ls-remote", server.url()));
  }

  /** With the key exchanges that the client prefers by itself. */
  private static Developer.Ran overDefaults(Path folder, String... arguments) {
    return ana.gitOver(List.of("-o", "KexAlgorithms=+curve25519-sha256"), folder, arguments);
  }

  /** One of several things that are done at the same time. */
  private interface One {
    void run(int number) throws Exception;
  }

  private static void atOnce(int count, One one) throws InterruptedException {
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      one.run(number);
                    } catch (Exception | AssertionError e) {
                      failures.add(e);
                    }
                  }));
    }
    for (Thread thread : threads) {
      assertThat(thread.join(Eventually.LIMIT)).isTrue();
    }
    assertThat(failures).isEmpty();
  }
}
