package dev.slipway.gitd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.crd.gitd.PushLimits;
import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import dev.slipway.gitd.Developer.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A volume of 16 MiB that runs full, and has room again. */
class FullVolumeIT {
  private static final int MIB = 1 << 20;
  private static final PushLimits KEEP_4_MIB = new PushLimits(1L << 30, 1L << 30, 4 * MIB);

  @TempDir Path folder;
  private Path volume;
  private Developer ana;
  private TestGitd gitd;
  private Path project;

  @BeforeEach
  void start() throws Exception {
    volume = Files.createDirectory(folder.resolve("volume"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", volume.toString()) == 0,
        "needs the right to mount a tmpfs");
    ana = Developer.withKey(folder, "ana", "-t", "ed25519");
    gitd = TestGitd.repackingAt(Integer.MAX_VALUE, volume, ana.publicKey());
    gitd.limit(KEEP_4_MIB);
    project = ana.project("app", gitd);
    ana.succeed(ana.git(project, "config", "core.compression", "0"));
    ana.succeed(ana.git(project, "push", "dev", "master"));
  }

  @AfterEach
  void stop() throws Exception {
    if (gitd != null) {
      gitd.close();
      assertThat(run("umount", volume.toString())).isZero();
    }
  }

  @Fault(
      during = During.SENDING,
      what = "the volume would run full",
      leaves = "rejected with what is free and who can help; takes no room")
  @Test
  void pushIsRefusedWhileItIsReceivedAndTakesNoRoom() throws IOException {
    long before = gitd.repository().free();
    Noise.write(project.resolve("noise"), 14 * MIB);
    ana.commit(project, "README", "with noise\n");

    Ran push = ana.git(project, "push", "dev", "master");

    assertThat(push.exit()).isEqualTo(1);
    assertThat(push.err())
        .contains(" !     Push rejected: the volume of this remote is full: ")
        .contains(
            " are free, and 4 MiB are kept free. Delete branches with large files that nobody needs any more, and push again a moment later; if that makes too little room, ask whoever looks after this remote for a larger volume.")
        .contains("! [remote rejected] master -> master");
    assertThat(gitd.repository().free()).isEqualTo(before);
    assertThat(gitd.hook.pushes()).hasSize(1);
  }

  @Fault(
      during = During.SENDING,
      what = "the volume is full",
      leaves = "rejected; fetches go on; when there is room again, pushes do")
  @Test
  void pushesAreRefusedUntilThereIsRoomAgainAndFetchesGoOn() throws IOException {
    Path filler = volume.resolve("filler");
    Noise.write(filler, 14 * MIB);
    ana.commit(project, "README", "more\n");

    assertThat(ana.git(project, "push", "dev", "master").err())
        .contains(" !     Push rejected: the volume of this remote is full: 1 MiB are free,");
    ana.succeed(ana.git(ana.home(), "clone", "-q", gitd.url(), "copy"));
    assertThat(ana.home().resolve("copy/README")).hasContent("hello\n");
    Files.delete(filler);

    ana.succeed(ana.git(project, "push", "dev", "master"));
  }

  /** Others may fill it faster than anybody can look. */
  @Fault(
      during = During.SENDING,
      what = "somebody else fills the volume meanwhile",
      leaves = "rejected; takes no room")
  @Test
  void volumeThatRunsFullInTheMiddleOfAWriteIsAReasonLikeAnyOther() throws IOException {
    gitd.limit(new PushLimits(1L << 30, 1L << 30, 0));
    long before = gitd.repository().free();
    Noise.write(project.resolve("noise"), 20 * MIB);
    ana.commit(project, "README", "with noise\n");

    assertThat(ana.git(project, "push", "dev", "master").err())
        .contains(" !     Push rejected: the volume of this remote is full: nothing is free,");
    assertThat(gitd.repository().free()).isEqualTo(before);
  }

  @Test
  void deletingABranchMakesRoomOnAVolumeThatIsNearlyFull() throws IOException {
    ana.succeed(ana.git(project, "checkout", "-q", "-b", "large"));
    Noise.write(project.resolve("noise"), 4 * MIB);
    ana.commit(project, "README", "with noise\n");
    ana.succeed(ana.git(project, "push", "dev", "large"));
    long full = gitd.repository().free();
    gitd.limit(new PushLimits(1L << 30, 1L << 30, 6 * MIB));

    ana.succeed(ana.git(project, "push", "dev", "--delete", "large"));

    Eventually.await()
        .untilAsserted(() -> assertThat(gitd.repository().free()).isGreaterThan(full + 3 * MIB));
    ana.succeed(ana.git(project, "push", "dev", "master:refs/heads/small"));
  }

  /** The pack of the branch takes more than is free, and so does what stays. */
  @Test
  void deletedBranchMakesRoomWhereNothingFitsTwice() throws IOException {
    noise("kept", 3);
    ana.succeed(ana.git(project, "push", "dev", "kept"));
    noise("large", 6);
    ana.succeed(ana.git(project, "push", "dev", "large"));
    Noise.write(volume.resolve("filler"), 5 * MIB);
    long full = gitd.repository().free();
    assertThat(full).isLessThan(3 * MIB);
    gitd.limit(new PushLimits(1L << 30, 1L << 30, 2 * MIB));

    ana.succeed(ana.git(project, "push", "dev", "--delete", "large"));

    Eventually.await()
        .untilAsserted(() -> assertThat(gitd.repository().free()).isGreaterThan(full + 5 * MIB));
    ana.succeed(ana.git(project, "push", "dev", "master:refs/heads/small"));
    ana.succeed(ana.git(volume.resolve("repository"), "fsck", "--strict"));
  }

  /** What stays is written anew, as its pack holds what goes as well. */
  @Test
  void partOfAPackMakesRoomWhereTheRestFitsTwice() throws IOException {
    noise("kept", 1);
    noise("large", 6);
    ana.succeed(ana.git(project, "push", "dev", "kept", "large"));
    Noise.write(volume.resolve("filler"), 5 * MIB);
    long full = gitd.repository().free();
    assertThat(full).isLessThan(4 * MIB);
    gitd.limit(new PushLimits(1L << 30, 1L << 30, 3 * MIB));

    ana.succeed(ana.git(project, "push", "dev", "--delete", "large"));

    Eventually.await()
        .untilAsserted(() -> assertThat(gitd.repository().free()).isGreaterThan(full + 5 * MIB));
    ana.succeed(ana.git(volume.resolve("repository"), "fsck", "--strict"));
    ana.succeed(ana.git(ana.home(), "clone", "-q", "-b", "kept", gitd.url(), "copy"));
  }

  /** A branch on top of master with a file that nothing makes smaller. */
  private void noise(String branch, int mebibytes) throws IOException {
    ana.succeed(ana.git(project, "checkout", "-q", "-b", branch, "master"));
    Noise.write(project.resolve("noise-" + branch), mebibytes * MIB);
    ana.commit(project, "README", branch + "\n");
  }

  private static int run(String... argv) throws IOException, InterruptedException {
    return Eventually.exit(
        new ProcessBuilder(List.of(argv))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start());
  }
}
