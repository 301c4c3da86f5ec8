package dev.slipway.gitd.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ClientPresenceTest {
  private final ClientPresence client = new ClientPresence();

  @Test
  void workIsInterruptedWhenTheClientLeaves() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Thread leaving =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    begun.await();
                    client.gone();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });

    boolean interrupted =
        client.interrupting(
            () -> {
              begun.countDown();
              try {
                new CountDownLatch(1).await();
                return false;
              } catch (InterruptedException e) {
                return true;
              }
            });

    leaving.join();
    assertThat(interrupted).isTrue();
  }

  @Test
  void clientThatLeftBeforeInterruptsWorkAtOnce() {
    client.gone();

    assertThat(client.interrupting(() -> Thread.currentThread().isInterrupted())).isTrue();
  }

  @Test
  void nothingElseIsInterrupted() {
    assertThat(client.interrupting(() -> "done")).isEqualTo("done");

    client.gone();

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }
}
