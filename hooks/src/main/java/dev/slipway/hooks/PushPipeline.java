package dev.slipway.hooks;

import dev.slipway.crd.LastPush;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.hooks.build.BuiltImages;
import dev.slipway.hooks.build.ImageBuilds;
import dev.slipway.hooks.build.ImageReuse;
import dev.slipway.hooks.context.BuildContexts;
import dev.slipway.hooks.custom.CustomHooks;
import dev.slipway.hooks.deploy.Deployer;
import dev.slipway.hooks.job.ContextTokens;
import dev.slipway.hooks.job.JobRuns;
import dev.slipway.hooks.kube.ApiCalls;
import dev.slipway.hooks.kube.ClusterAnswer;
import dev.slipway.hooks.kube.Leftovers;
import dev.slipway.hooks.kube.PlainText;
import dev.slipway.hooks.manifests.ManifestDeployments;
import dev.slipway.hooks.plan.TargetView;
import dev.slipway.hooks.registry.ImageTags;
import dev.slipway.hooks.registry.RegistryAccesses;
import dev.slipway.hooks.registry.RegistryCheck;
import dev.slipway.hooks.report.EventRecorder;
import dev.slipway.hooks.report.PushJournal;
import dev.slipway.hooks.report.PushLines;
import dev.slipway.hooks.report.PushMeters;
import dev.slipway.hooks.report.PushRecord;
import dev.slipway.hooks.report.PushReport;
import dev.slipway.hooks.report.PushScreen;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a push means, step by step: plan, take the turn, build, deploy, record. */
public final class PushPipeline implements PushHook {
  private static final Logger log = LoggerFactory.getLogger(PushPipeline.class);

  /** By which the cluster knows what gitd has written. */
  private static final String ACTOR = "slipway-gitd";

  private final Supplier<GitdConfig> config;
  private final KubernetesClient client;
  private final Clock clock;
  private final PipelineSettings settings;
  private final ApiCalls api;
  private final Turn turn = new Turn();
  private final Leftovers leftovers = new Leftovers();
  private final Sweep sweep;
  private final RegistryCheck registry;
  private final ImageReuse reuse;
  private final ImageBuilds builds;
  private final CustomHooks hooks;
  private final Deployer deployer;
  private final ManifestDeployments manifests;
  private final EventRecorder events;
  private final PushRecord records;
  private final PushMeters meters;
  private final Map<Push, PushRun> runs = Collections.synchronizedMap(new IdentityHashMap<>());

  /**
   * @param config the current snapshot; asked once for each push
   * @param contexts from which the builds of this pipeline fetch what they build
   * @param built what they have built
   */
  public PushPipeline(
      Supplier<GitdConfig> config,
      KubernetesClient client,
      Clock clock,
      BuildContexts contexts,
      BuiltImages built,
      PipelineSettings settings,
      PushMeters meters) {
    this.config = config;
    this.client = client;
    this.clock = clock;
    this.settings = settings;
    this.api = new ApiCalls(clock, settings.apiPatience());
    ContextTokens tokens = new ContextTokens(client, api, leftovers);
    JobRuns jobs = new JobRuns(client, clock, settings, api, leftovers);
    this.sweep = new Sweep(jobs, tokens);
    RegistryAccesses registries = new RegistryAccesses(client, api);
    this.registry = new RegistryCheck(registries, settings.registryPatience());
    this.reuse =
        new ImageReuse(clock, built, new ImageTags(registries, settings.registryPatience()));
    this.builds = new ImageBuilds(clock, contexts, tokens, jobs, reuse, meters);
    this.hooks = new CustomHooks(clock, contexts, tokens, jobs);
    this.deployer = new Deployer(client, clock, settings, api);
    this.manifests = new ManifestDeployments(client, api, clock);
    this.events = new EventRecorder(client, api, clock, ACTOR);
    this.records = new PushRecord(client, api, events, ACTOR);
    this.meters = meters;
  }

  /**
   * Begins to remove what an earlier process of this Remote left in the cluster; to be called at
   * start. No push launches anything before that is done.
   */
  public void beginSweep() {
    sweep.begin();
    Thread.ofVirtual()
        .name("sweep")
        .start(
            () -> leftovers.remove("what an earlier process left", () -> sweep.run(config.get())));
  }

  @Override
  public PushOutcome preReceive(Push push, Terminal terminal) {
    GitdConfig snapshot = config.get();
    PushScreen screen = new PushScreen(terminal, clock, settings.notice());
    PushRun run =
        new PushRun(push, snapshot, screen, new PushJournal(push.id(), clock), events, meters);
    runs.put(push, run);
    boolean goesOn = false;
    try {
      PushOutcome outcome = run(run, screen, new ClusterTargets(client, api, snapshot));
      goesOn = outcome instanceof PushOutcome.Deployed;
      return outcome;
    } finally {
      if (!goesOn) {
        run.endTurn();
      }
    }
  }

  @Override
  public PushReport postReceive(Push push, PushOutcome outcome, boolean moved) {
    PushRun run = runs.remove(push);
    if (run == null) {
      record(push, outcome, null);
      return PushReport.of(outcome);
    }
    PushOutcome end =
        switch (outcome) {
          case PushOutcome.Deployed deployed -> {
            if (moved) {
              run.finish();
              yield deployed;
            }
            run.restore();
            yield run.rejected(
                "RefNotMoved", "the branch could not be moved; what ran before was put back.");
          }
          case PushOutcome.Stored stored ->
              moved ? stored : run.rejected("RefNotMoved", "the branch could not be moved.");
          case PushOutcome.Rejected rejected -> rejected;
          case PushOutcome.Cancelled cancelled -> cancelled;
        };
    if (moved) {
      run.tellSuccess();
    }
    run.close();
    record(push, end, run);
    return run.report(end);
  }

  private PushOutcome run(PushRun run, PushScreen screen, TargetView targets) {
    try {
      return run.run(targets, turn, sweep, registry, reuse, builds, manifests, hooks, deployer);
    } catch (InterruptedException e) {
      screen.failure("Push cancelled: nothing was deployed." + run.afterword());
      return new PushOutcome.Cancelled();
    } catch (KubernetesClientException e) {
      log.warn("The cluster failed a push", e);
      return run.rejected(
          "ClusterFault",
          "the cluster does not answer as it should: %s; push again later."
              .formatted(ClusterAnswer.words(e)));
    } catch (RuntimeException e) {
      log.error("A push failed for a reason nobody thought of", e);
      return run.rejected(
          "InternalError",
          "gitd failed unexpectedly (%s); its log has the cause."
              .formatted(e.getClass().getSimpleName()));
    }
  }

  private void record(Push push, PushOutcome outcome, @Nullable PushRun run) {
    Push.RefChange change = push.changes().getFirst();
    record Words(LastPush.Outcome outcome, String rest) {}
    Words words =
        switch (outcome) {
          case PushOutcome.Deployed deployed ->
              new Words(LastPush.Outcome.Deployed, by(push) + in(run));
          case PushOutcome.Stored stored ->
              new Words(LastPush.Outcome.Stored, by(push) + ", not deployed");
          case PushOutcome.Rejected(_, String sentence) ->
              new Words(LastPush.Outcome.Rejected, ": " + PlainText.of(sentence));
          case PushOutcome.Cancelled cancelled ->
              new Words(LastPush.Outcome.Cancelled, ": its connection was closed");
        };
    String summary =
        PushLines.commit(change.newId()) + " " + words.outcome().name().toLowerCase(Locale.ROOT);
    LastPush last =
        new LastPush(
            summary,
            change.newId().name(),
            change.ref(),
            words.outcome(),
            summary + words.rest(),
            push.id().value(),
            PlainText.of(push.pusher().name() + " " + push.pusher().fingerprint()),
            clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    records.record(config.get(), push.id(), last);
  }

  private static String by(Push push) {
    return " by " + PlainText.oneLine(push.pusher().name());
  }

  private static String in(@Nullable PushRun run) {
    return run == null ? "" : " in " + PushLines.seconds(run.age());
  }
}
