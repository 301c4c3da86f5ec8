package dev.slipway.hooks;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.hooks.context.BuildContexts;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.function.Supplier;

/** What a push means, step by step: plan, take the turn, build, deploy, record. */
public final class PushPipeline implements PushHook {
  private final Supplier<GitdConfig> config;

  /**
   * @param config the current snapshot; asked once for each push
   * @param contexts from which the builds of this pipeline fetch what they build
   */
  public PushPipeline(
      Supplier<GitdConfig> config,
      KubernetesClient client,
      Clock clock,
      BuildContexts contexts,
      PipelineSettings settings,
      MeterRegistry meters) {
    this.config = config;
  }

  /** Removes what an earlier process of this Remote left in the cluster; to be called at start. */
  public void sweep() {}

  @Override
  public PushOutcome preReceive(Push push, Terminal terminal) {
    return new PushOutcome.Rejected(
        "NotReady", "Remote %s cannot deploy yet.".formatted(config.get().name()));
  }

  @Override
  public void postReceive(Push push, PushOutcome outcome, boolean moved) {}
}
