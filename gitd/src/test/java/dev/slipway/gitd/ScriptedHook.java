package dev.slipway.gitd;

import dev.slipway.hooks.Push;
import dev.slipway.hooks.PushHook;
import dev.slipway.hooks.PushOutcome;
import dev.slipway.hooks.Terminal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;

/** A hook that does what a test says and remembers what it was asked. */
public final class ScriptedHook implements PushHook {
  private final List<Push> pushes = new CopyOnWriteArrayList<>();
  private final List<Ended> ended = new CopyOnWriteArrayList<>();
  private volatile BiFunction<Push, Terminal, PushOutcome> script =
      (push, terminal) -> new PushOutcome.Stored();

  /** One call of postReceive. */
  public record Ended(Push push, PushOutcome outcome, boolean moved) {}

  public void answer(BiFunction<Push, Terminal, PushOutcome> with) {
    script = with;
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
  public void postReceive(Push push, PushOutcome outcome, boolean moved) {
    ended.add(new Ended(push, outcome, moved));
  }
}
