package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Pushes one commit after the other to a branch of his own, and holds each push against what he was
 * promised.
 */
final class TirelessDeveloper {
  private static final int BRIEF = 7;

  private final Checkout checkout;
  private final String branch;
  private final String refusal;
  private final Runnable untilServed;
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CompletableFuture<Void> work;
  private volatile boolean enough;

  private TirelessDeveloper(
      Checkout checkout, String branch, String refusal, Runnable untilServed) {
    this.checkout = checkout;
    this.branch = branch;
    this.refusal = refusal;
    this.untilServed = untilServed;
    this.work = CompletableFuture.runAsync(this::run, it -> Thread.ofVirtual().start(it));
  }

  /**
   * Sets somebody to work.
   *
   * @param refusal a regular expression of what a push may say that is not even received
   * @param untilServed waits, after such a push, for the git server
   */
  static TirelessDeveloper start(
      Checkout checkout, String branch, String refusal, Runnable untilServed) {
    return new TirelessDeveloper(checkout, branch, refusal, untilServed);
  }

  private void run() {
    boolean last;
    do {
      last = enough;
      String commit = checkout.commit("Nothing new");
      Stage.Result push = push();
      while (push.exitCode() != 0) {
        // What has been received ends well.
        assertThat(push.text()).containsPattern(refusal).doesNotContain("remote: ");
        untilServed.run();
        push = push();
      }
      assertThat(push.text())
          .contains("=====> Deployed " + commit.substring(0, BRIEF), "HEAD -> " + branch);
      begun.countDown();
    } while (!last);
    assertThat(checkout.remote("refs/heads/" + branch)).isEqualTo(checkout.head());
  }

  private Stage.Result push() {
    return checkout.git("push", "dev", "HEAD:refs/heads/" + branch);
  }

  /** Waits until a push was accepted. */
  void awaitFirst() throws InterruptedException {
    var _ = work.whenComplete((done, failure) -> begun.countDown());
    assertThat(begun.await(5, TimeUnit.MINUTES)).isTrue();
    if (work.isDone()) {
      work.join();
    }
  }

  /** Lets him push once more from now on, and fails if anything was not as promised. */
  void finish() {
    enough = true;
    work.join();
  }
}
