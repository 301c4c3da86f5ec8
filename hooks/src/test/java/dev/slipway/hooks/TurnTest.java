package dev.slipway.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.hooks.report.PushScreen;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Turn turn = new Turn();
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<PushScreen> screens = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    screens.forEach(PushScreen::close);
  }

  @Test
  void givesTheTurnToTheOneWhoHasWaitedAndNotToTheOneWhoComesJustThen() throws Exception {
    List<String> order = new CopyOnWriteArrayList<>();
    Turn.Held first = turn.take("first", screen());
    Waiting second = waits("second", "first", order);

    first.close();
    try (Turn.Held _ = turn.take("third", screen())) {
      order.add("third");
    }

    second.await();
    assertThat(order).containsExactly("second", "third");
  }

  @Test
  void saysForWhomAlsoWhenThatChanges() throws Exception {
    Turn.Held first = turn.take("first", screen());
    Waiting second = waits("second", "first", lines);
    Waiting third = waits("third", "first", lines);

    second.thread().interrupt();
    shows("waiting for the push of first to end");
    Waiting fourth = waits("fourth", "first", lines);
    first.close();

    third.await();
    fourth.await();
    assertThat(lines)
        .doesNotContain("second")
        .containsSubsequence("third", "fourth")
        .noneMatch(line -> line.contains("push of  to end"));
  }

  /** The one behind learns it before the one who has it does anything. */
  @Test
  void namesTheOneWhoHasTheTurnNow() throws Exception {
    Turn.Held first = turn.take("first", screen());
    FutureTask<Turn.Held> second = new FutureTask<>(() -> turn.take("second", screen()));
    Thread.ofVirtual().start(second);
    shows("Waiting for the push of first to end");
    waits("third", "first", lines);

    first.close();

    shows("waiting for the push of second to end");
    second.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS).close();
  }

  private record Waiting(FutureTask<Void> task, Thread thread) {
    void await() throws Exception {
      task.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Begins to wait, and adds itself to the order when it has the turn, which it gives back. */
  private Waiting waits(String who, String ahead, List<String> order) {
    lines.clear();
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              try (Turn.Held _ = turn.take(who, screen())) {
                order.add(who);
              }
              return null;
            });
    Thread thread = Thread.ofVirtual().start(task);
    shows("Waiting for the push of " + ahead + " to end");
    return new Waiting(task, thread);
  }

  /** Each push has its own. */
  private PushScreen screen() {
    PushScreen screen = new PushScreen(lines::add, Clock.systemUTC(), Duration.ofMillis(50));
    screens.add(screen);
    return screen;
  }

  private void shows(String words) {
    Awaitility.await()
        .dontCatchUncaughtExceptions()
        .atMost(LIMIT)
        .until(() -> lines.stream().anyMatch(line -> line.contains(words)));
  }
}
