package dev.slipway.controller.model;

import dev.slipway.controller.check.Finding;
import dev.slipway.crd.Remote;
import dev.slipway.crd.RemoteSpec;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the gitd of a Remote may sleep, which it may only where front wakes it again, and whether
 * it does.
 *
 * @param afterSeconds how long nobody pushes or fetches before; 0 for never
 */
public record Sleep(int afterSeconds, boolean asleep, List<Finding> findings) {
  public Sleep {
    findings = List.copyOf(findings);
  }

  /** What a Remote asks for, and what there is to say about it. */
  public static Sleep of(Remote remote, Optional<Front> front) {
    @Nullable RemoteSpec spec = remote.getSpec();
    @Nullable Integer wanted = spec == null ? null : spec.sleepAfterSeconds();
    if (front.isEmpty() || !front.get().isOnlyWayTo(remote)) {
      return new Sleep(0, false, wanted == null || wanted == 0 ? List.of() : nobodyWakes());
    }
    int after = wanted == null ? front.get().sleepAfterSeconds() : wanted;
    @Nullable Integer replicas = spec == null ? null : spec.replicas();
    return new Sleep(after, after > 0 && replicas != null && replicas == 0, List.of());
  }

  public boolean isPossible() {
    return afterSeconds > 0;
  }

  private static List<Finding> nobodyWakes() {
    return List.of(
        Finding.minor(
            "NeverSleeps",
            "sleepAfterSeconds has no effect: gitd sleeps only where it is reached through front, which wakes it, and through no Service of its own."));
  }
}
