package dev.slipway.gitd.keys;

import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys in force: a snapshot that is replaced as a whole. */
public final class CurrentKeys implements Supplier<AuthorizedKeys> {
  private static final Logger log = LoggerFactory.getLogger(CurrentKeys.class);

  private volatile AuthorizedKeys keys = AuthorizedKeys.none();
  private volatile Runnable onChange = () -> {};

  /** What to do after each replacement, for example to end the sessions of a revoked key. */
  public void onChange(Runnable action) {
    onChange = action;
    action.run();
  }

  /** Puts new lines of authorized_keys in force. */
  public void replace(List<String> lines) {
    AuthorizedKeys parsed = AuthorizedKeys.parse(lines);
    parsed.refusals().forEach(log::warn);
    keys = parsed;
    onChange.run();
  }

  @Override
  public AuthorizedKeys get() {
    return keys;
  }
}
