package dev.slipway.gitd.front;

import dev.slipway.gitd.scale.RemoteScale;
import java.io.IOException;

/** Asks for a gitd where there is none. */
@FunctionalInterface
public interface Waker {
  /**
   * Asks and does not wait.
   *
   * @param remote {@code <namespace>/<name>}
   */
  void wake(String remote) throws IOException;

  /** One that asks the controller. */
  static Waker by(RemoteScale scale) {
    return remote -> {
      int slash = remote.indexOf('/');
      scale.wake(remote.substring(0, slash), remote.substring(slash + 1));
    };
  }
}
