package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every push that cannot succeed ends in one clear sentence, leaves branch and cluster as they
 * were, and the next good push works. Played on all of Slipway with the real git.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(SharedSlipway.Resolver.class)
abstract class RefusedPush {
  static final String DOCKERFILE =
      """
      FROM busybox:stable
      COPY page/ /srv/
      CMD ["httpd", "-f", "-p", "8080"]
      """;

  private static final String REJECTED = "remote:  !     Push rejected: ";

  private final String namespace;
  Playground playground;
  Checkout checkout;
  private int pushes;

  RefusedPush(String namespace) {
    this.namespace = namespace;
  }

  @BeforeAll
  void start(SharedSlipway shared) throws IOException {
    playground = Playground.layOut(namespace, shared);
    checkout = playground.checkout();
    theNextGoodPushWorks();
  }

  void theNextGoodPushWorks() {
    forgetTheLastPush();
    String greeting = "Good push " + ++pushes;
    checkout.write("Dockerfile", DOCKERFILE).write("page/index.html", greeting).commit(greeting);
    Stage.Result push = checkout.git("push", "dev", "master");
    assertThat(push.exitCode()).as(push.text()).isZero();
    assertThat(push.text()).contains("=====> Deployed ");
    playground.witness().awaitPage(greeting);
  }

  void forgetTheLastPush() {
    checkout.git("reset", "-q", "--hard", "dev/master");
  }

  /**
   * Pushes a new commit of what lies in the checkout, which must be refused.
   *
   * @param reason parts of the one line that says why, in their order
   * @return all that git printed
   */
  Stage.Result refused(String... reason) {
    String before = playground.witness().state();
    String head = checkout.remote("refs/heads/master");
    checkout.commit("A push that cannot succeed");
    Stage.Result push = checkout.git("push", "dev", "master");
    assertThat(push.exitCode()).as(push.text()).isNotZero();
    assertThat(push.lines())
        .filteredOn(line -> line.contains(REJECTED))
        .as(push.text())
        .singleElement()
        .asString()
        .containsSubsequence(reason);
    assertThat(checkout.remote("refs/heads/master")).isEqualTo(head);
    playground.witness().awaitState(before);
    return push;
  }

  /** Pushes the commit that was refused, now that its cause is repaired. */
  void theSameCommitDeploys(String page) {
    Stage.Result push = checkout.git("push", "dev", "master");
    assertThat(push.exitCode()).as(push.text()).isZero();
    assertThat(checkout.remote("refs/heads/master")).isEqualTo(checkout.head());
    playground.witness().awaitPage(page);
  }
}
