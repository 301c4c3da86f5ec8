package dev.slipway.gitd;

import dev.slipway.hooks.Push;
import dev.slipway.hooks.PushHook;
import dev.slipway.hooks.PushOutcome;
import dev.slipway.hooks.Terminal;
import dev.slipway.hooks.report.PushReport;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** A hook that does what a test says and remembers what it was asked. */
public final class ScriptedHook implements PushHook {
  private final List<Push> pushes = new CopyOnWriteArrayList<>();
  private final List<Ended> ended = new CopyOnWriteArrayList<>();
  private volatile BiFunction<Push, Terminal, PushOutcome> script =
      (push, terminal) -> new PushOutcome.Stored();

  private volatile Consumer<Push> afterwards = push -> {};
  private volatile Function<PushOutcome, PushReport> report = PushReport::of;

  /** One call of postReceive. */
  public record Ended(Push push, PushOutcome outcome, boolean moved) {}

  /**
   * A push that goes on.
   *
   * @param begun opens when the hook is asked
   * @param interrupted whether it was, as soon as that is known
   */
  public record Running(CountDownLatch begun, CompletableFuture<Boolean> interrupted) {}

  public void answer(BiFunction<Push, Terminal, PushOutcome> with) {
    script = with;
  }

  /** Does something when refs have moved, or not. */
  public void afterwards(Consumer<Push> with) {
    afterwards = with;
  }

  /** Tells more of a push than how it ended. */
  public void report(Function<PushOutcome, PushReport> with) {
    report = with;
  }

  /** Lets the next push go on until it is interrupted, and then be cancelled. */
  public Running runUntilInterrupted() {
    Running running = new Running(new CountDownLatch(1), new CompletableFuture<>());
    answer(
        (push, terminal) -> {
          running.begun().countDown();
          running.interrupted().complete(isInterrupted());
          return new PushOutcome.Cancelled();
        });
    return running;
  }

  private static boolean isInterrupted() {
    try {
      TimeUnit.MILLISECONDS.sleep(Eventually.LIMIT.toMillis());
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  public List<Push> pushes() {
    return pushes;
  }

  public List<Ended> ended() {
    return ended;
  }

  @Override
  public PushOutcome preReceive(Push push, Terminal terminal) {
    pushes.add(push);
    return script.apply(push, terminal);
  }

  @Override
  public PushReport postReceive(Push push, PushOutcome outcome, boolean moved) {
    afterwards.accept(push);
    ended.add(new Ended(push, outcome, moved));
    return report.apply(outcome);
  }
}
