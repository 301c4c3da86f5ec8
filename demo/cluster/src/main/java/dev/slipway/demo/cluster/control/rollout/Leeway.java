package dev.slipway.demo.cluster.control.rollout;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import org.jspecify.annotations.Nullable;

/**
 * How far a rolling update may leave the wanted number of pods.
 *
 * @param surge pods more than wanted
 * @param unavailable pods less than wanted
 */
record Leeway(int surge, int unavailable) {
  private static final IntOrString DEFAULT = new IntOrString("25%");

  /** Percentages of surge round up, of unavailable down; both zero would never move. */
  static Leeway of(Deployment deployment) {
    var replicas = deployment.getSpec().getReplicas();
    int desired = replicas == null ? 1 : replicas;
    var strategy = deployment.getSpec().getStrategy();
    if (isRecreate(deployment) || desired == 0) {
      return new Leeway(
          isRecreate(deployment) || strategy == null || strategy.getRollingUpdate() == null
              ? 0
              : scaled(strategy.getRollingUpdate().getMaxSurge(), desired, true),
          0);
    }
    var rolling = strategy == null ? null : strategy.getRollingUpdate();
    int surge = scaled(rolling == null ? null : rolling.getMaxSurge(), desired, true);
    int unavailable = scaled(rolling == null ? null : rolling.getMaxUnavailable(), desired, false);
    if (surge == 0 && unavailable == 0) {
      unavailable = 1;
    }
    return new Leeway(surge, Math.min(unavailable, desired));
  }

  static boolean isRecreate(Deployment deployment) {
    var strategy = deployment.getSpec().getStrategy();
    return strategy != null && "Recreate".equals(strategy.getType());
  }

  private static int scaled(@Nullable IntOrString value, int of, boolean up) {
    var given = value == null ? DEFAULT : value;
    if (given.getIntVal() != null) {
      return given.getIntVal();
    }
    var text = given.getStrVal();
    int percent = Integer.parseInt(text.substring(0, text.length() - 1));
    return up ? Math.ceilDiv(of * percent, 100) : of * percent / 100;
  }
}
