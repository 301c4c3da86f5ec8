package dev.slipway.hooks;

import dev.slipway.crd.Hook.When;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.ManifestSettings;
import dev.slipway.crd.gitd.Place;
import dev.slipway.hooks.build.BuildFailedException;
import dev.slipway.hooks.build.ImageBuilds;
import dev.slipway.hooks.build.ImageReuse;
import dev.slipway.hooks.build.LayerCache;
import dev.slipway.hooks.build.WantedImage;
import dev.slipway.hooks.custom.CustomHooks;
import dev.slipway.hooks.custom.HookFailedException;
import dev.slipway.hooks.custom.HookInputs;
import dev.slipway.hooks.deploy.Deployer;
import dev.slipway.hooks.deploy.Release;
import dev.slipway.hooks.deploy.RolloutFailedException;
import dev.slipway.hooks.kube.Undo;
import dev.slipway.hooks.manifests.ManifestDeployment;
import dev.slipway.hooks.manifests.ManifestDeployments;
import dev.slipway.hooks.manifests.ManifestRefusedException;
import dev.slipway.hooks.manifests.ManifestSet;
import dev.slipway.hooks.plan.Finding;
import dev.slipway.hooks.plan.ImageBuild;
import dev.slipway.hooks.plan.PlannedHook;
import dev.slipway.hooks.plan.PushPlan;
import dev.slipway.hooks.plan.PushPlanner;
import dev.slipway.hooks.plan.TargetView;
import dev.slipway.hooks.registry.RegistryCheck;
import dev.slipway.hooks.report.EventRecorder;
import dev.slipway.hooks.report.PushEvents;
import dev.slipway.hooks.report.PushJournal;
import dev.slipway.hooks.report.PushLines;
import dev.slipway.hooks.report.PushMeters;
import dev.slipway.hooks.report.PushReport;
import dev.slipway.hooks.report.PushReport.Phase.Name;
import dev.slipway.hooks.report.PushScreen;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One push on its way: plan, turn, build, deploy, and the hooks in between. */
final class PushRun {
  private static final Logger log = LoggerFactory.getLogger(PushRun.class);

  private final Push push;
  private final GitdConfig config;
  private final PushScreen screen;
  private final PushJournal journal;
  private final EventRecorder recorder;
  private final PushMeters meters;
  private final PushJournal.Running running;
  private Turn.@Nullable Held turn;
  private @Nullable ManifestDeployment manifests;
  private @Nullable ManifestSet wanted;
  private Deployer.@Nullable Deployed deployed;
  private final List<String> lasting = new ArrayList<>();
  private @Nullable String achieved;

  PushRun(
      Push push,
      GitdConfig config,
      PushScreen screen,
      PushJournal journal,
      EventRecorder recorder,
      PushMeters meters) {
    this.push = push;
    this.config = config;
    this.screen = screen;
    this.journal = journal;
    this.recorder = recorder;
    this.meters = meters;
    this.running = meters.push();
  }

  /** Does everything; whatever it has begun when it fails has been undone. */
  PushOutcome run(
      TargetView targets,
      Turn turns,
      Sweep sweep,
      RegistryCheck registry,
      ImageReuse reuse,
      ImageBuilds builds,
      ManifestDeployments manifests,
      CustomHooks hooks,
      Deployer deployer)
      throws InterruptedException {
    try {
      Optional<Finding> inTheWay = RefsInTheWay.find(push);
      if (inTheWay.isPresent()) {
        return rejected(List.of(inTheWay.get()));
      }
      return switch (plan(targets, manifests)) {
        case PushPlan.Reject(List<Finding> findings) -> rejected(findings);
        case PushPlan.Store(List<String> notes) -> {
          notes.forEach(screen::phase);
          yield new PushOutcome.Stored();
        }
        case PushPlan.Deploy plan -> {
          yield deploy(plan, turns, sweep, registry, reuse, builds, manifests, hooks, deployer);
        }
      };
    } catch (ManifestRefusedException e) {
      return rejected(
          e.sentences().stream().map(it -> new Finding("ManifestsRefused", it)).toList());
    } catch (BuildFailedException e) {
      log.info("build failed cause={} message=\"{}\"", e.reason(), e.sentence());
      return rejected("BuildFailed", e.sentence());
    } catch (RolloutFailedException e) {
      log.info("rollout failed cause={} message=\"{}\"", e.reason(), e.sentence());
      return rejected("RolloutFailed", e.sentence());
    } catch (HookFailedException e) {
      log.info("hook failed cause={} message=\"{}\"", e.reason(), e.sentence());
      return rejected("HookFailed", e.sentence());
    } catch (IOException e) {
      return rejected(
          "RepositoryFault",
          "the repository of this remote cannot be read: %s.".formatted(e.getMessage()));
    }
  }

  /** How long it has taken so far. */
  Duration age() {
    return journal.age();
  }

  /** What there is to tell about it, now that it has ended. */
  PushReport report(PushOutcome end) {
    return journal.report(end);
  }

  /** Tells what the push has reached, which is true only now that its refs have moved. */
  void tellSuccess() {
    if (achieved != null) {
      screen.success(achieved.formatted(PushLines.seconds(age())));
    }
  }

  /** Lets the next push go on. */
  void endTurn() {
    if (manifests != null) {
      manifests.close();
    }
    if (turn != null) {
      turn.close();
    }
  }

  /** Ends the turn, and the lines. */
  void close() {
    endTurn();
    running.close();
    screen.close();
  }

  /**
   * Deletes what the commit no longer holds, now that the branch has moved: until then everything
   * can be put back, and what is deleted cannot.
   */
  void finish() {
    if (manifests != null && wanted != null) {
      ManifestDeployment deployment = manifests;
      ManifestSet set = wanted;
      try (PushScreen.Waiting _ =
          screen.waitFor("the cluster to delete what the commit no longer holds")) {
        Undo.run(
            () -> {
              if (!deployment.finish(set, screen)) {
                screen.detail(
                    "the list of applied objects could not be written; the next push does it");
              }
            });
      }
    }
  }

  /** Undoes what a successful run has deployed. */
  void restore() {
    if (deployed != null) {
      try (PushScreen.Waiting _ = screen.waitFor("the cluster to take back what was deployed")) {
        deployed.restore();
      }
    }
  }

  PushOutcome rejected(String reason, String sentence) {
    return rejected(List.of(new Finding(reason, sentence)));
  }

  private PushPlan plan(TargetView targets, ManifestDeployments manifests)
      throws ManifestRefusedException, IOException, InterruptedException {
    try (var _ = journal.begin(Name.PLAN);
        PushScreen.Waiting _ = screen.waitFor("the cluster to say what it runs")) {
      return PushPlanner.plan(
          push.changes(), config, push.repository(), targets, manifests.kinds());
    }
  }

  private PushOutcome deploy(
      PushPlan.Deploy plan,
      Turn turns,
      Sweep sweep,
      RegistryCheck registry,
      ImageReuse reuse,
      ImageBuilds builds,
      ManifestDeployments manifestDeployments,
      CustomHooks hooks,
      Deployer deployer)
      throws BuildFailedException,
          HookFailedException,
          RolloutFailedException,
          ManifestRefusedException,
          IOException,
          InterruptedException {
    String commit = PushLines.commit(plan.commit());
    String by = PushLines.pusher(push.pusher());
    screen.phase(
        "%s: %s %s by %s".formatted(config.name(), commit, PushLines.subject(plan.subject()), by));
    plan.notes().forEach(screen::detail);
    PushEvents events = new PushEvents(recorder, config, push.id(), commit, push.pusher().name());
    events.started(Repository.shortenRefName(plan.change().ref()));

    try (var _ = journal.begin(Name.TURN);
        var _ = meters.waiting()) {
      turn = turns.take("%s by %s".formatted(commit, by), screen);
    }
    Optional<Finding> inTheWay = RefsInTheWay.find(push);
    if (inTheWay.isPresent()) {
      return rejected(List.of(inTheWay.get()));
    }

    List<WantedImage> needed = look(plan, reuse);
    RegistryCheck.Said said = ask(needed, registry);
    if (said.refusal().isPresent()) {
      return rejected(List.of(said.refusal().get()));
    }
    Optional<LayerCache> layers =
        LayerCache.of(config).filter(it -> it.always() || said.takesLayers());

    @Nullable ManifestSettings settings = manifestsOf(plan.change());
    if (settings != null) {
      try (PushScreen.Waiting _ = screen.waitFor("the cluster to check the manifests")) {
        manifests = manifestDeployments.begin(config, settings);
        rehearse(plan, manifests);
      }
    }
    await(sweep);
    run(plan, When.BeforeBuild, Map.of(), hooks);
    Map<ImageBuild, String> images = build(needed, layers, builds);
    run(plan, When.AfterBuild, images, hooks);

    if (manifests == null && plan.builds().stream().allMatch(build -> build.places().isEmpty())) {
      achieved = "Built %s in %%s, nothing is deployed".formatted(commit);
      return new PushOutcome.Stored();
    }

    run(plan, When.BeforeDeploy, images, hooks);
    screen.phase("Deploying");
    // ASCII only: fabric8's watch over HTTP breaks off at an event with anything else.
    String cause = "git push of %s by %s".formatted(commit, push.pusher().fingerprint());
    Release release = new Release(images, plan.manifests(), manifests, plan.commit().name(), cause);
    try (var _ = journal.begin(Name.DEPLOY)) {
      deployed = deployer.deploy(config, release, screen, journal, events);
    }
    runAfter(deployed, plan, images, hooks);
    wanted = plan.manifests();

    achieved = "Deployed %s to %s in %%s".formatted(commit, config.namespace());
    return new PushOutcome.Deployed(plan.commit());
  }

  private void await(Sweep sweep) throws InterruptedException {
    try (var _ = journal.begin(Name.SWEEP);
        PushScreen.Waiting _ = screen.waitFor("the cluster to delete what an earlier push left")) {
      sweep.run(config);
    }
  }

  private List<WantedImage> look(PushPlan.Deploy plan, ImageReuse reuse)
      throws InterruptedException {
    try (var _ = journal.begin(Name.REUSE);
        PushScreen.Waiting _ = screen.waitFor("the registry to say which images it has")) {
      return reuse.look(config, plan.builds());
    }
  }

  private RegistryCheck.Said ask(List<WantedImage> needed, RegistryCheck registry)
      throws InterruptedException {
    List<ImageBuild> toBuild =
        needed.stream().filter(WantedImage::isToBeBuilt).map(WantedImage::build).toList();
    try (var _ = journal.begin(Name.REGISTRY);
        PushScreen.Waiting _ = screen.waitFor("the registry to say whether it takes the images")) {
      return registry.ask(config, toBuild, LayerCache.of(config).map(LayerCache::repository));
    }
  }

  private void runAfter(
      Deployer.Deployed deployed,
      PushPlan.Deploy plan,
      Map<ImageBuild, String> images,
      CustomHooks hooks)
      throws HookFailedException, InterruptedException {
    try {
      run(plan, When.AfterDeploy, images, hooks);
    } catch (HookFailedException e) {
      throw new HookFailedException(e.reason(), e.sentence() + " " + deployed.undo(screen));
    } catch (InterruptedException | RuntimeException e) {
      deployed.restore();
      throw e;
    }
  }

  private void run(
      PushPlan.Deploy plan, When when, Map<ImageBuild, String> images, CustomHooks hooks)
      throws HookFailedException, InterruptedException {
    HookInputs inputs = new HookInputs(push.id(), config, plan.change(), push.pusher(), images);
    for (PlannedHook planned : plan.hooks()) {
      if (planned.hook().when() == when) {
        try (var _ = journal.begin(Name.HOOKS)) {
          hooks.run(planned, inputs, push.repository(), screen);
        }
        if (when == When.BeforeDeploy || when == When.AfterDeploy) {
          lasting.add(planned.hook().name());
        }
      }
    }
  }

  /** What a push that fails leaves all the same, as a sentence to append; empty if nothing. */
  String afterword() {
    return switch (lasting.size()) {
      case 0 -> "";
      case 1 -> " Hook %s had run; what it did is not undone.".formatted(lasting.getFirst());
      default ->
          " Hooks %s had run; what they did is not undone.".formatted(String.join(", ", lasting));
    };
  }

  /** Null where the branch that was pushed applies none. */
  private @Nullable ManifestSettings manifestsOf(Push.RefChange change) {
    return config
        .deployedBy(Repository.shortenRefName(change.ref()))
        .map(GitdConfig::manifests)
        .orElse(null);
  }

  /** With the names that the images will have, as their digests are not known yet. */
  private void rehearse(PushPlan.Deploy plan, ManifestDeployment manifests)
      throws ManifestRefusedException, InterruptedException {
    int count = plan.manifests().manifests().size();
    screen.phase("Checking %d manifest%s".formatted(count, count == 1 ? "" : "s"));
    plan.manifests().notes().forEach(screen::detail);
    Map<Place, String> names = new HashMap<>();
    for (ImageBuild build : plan.builds()) {
      build.places().forEach(place -> names.put(place, build.pulledAs()));
    }
    try (var _ = journal.begin(Name.REHEARSE)) {
      manifests
          .rehearse(plan.manifests().with(names, Map.of(), config.pullSecret()), names)
          .forEach(screen::detail);
    }
  }

  private Map<ImageBuild, String> build(
      List<WantedImage> needed, Optional<LayerCache> layers, ImageBuilds builds)
      throws BuildFailedException, IOException, InterruptedException {
    int count = needed.size();
    if (count == 0) {
      return Map.of();
    }
    screen.phase(
        needed.stream().anyMatch(WantedImage::isToBeBuilt)
            ? "Building %d image%s".formatted(count, count == 1 ? "" : "s")
            : "Nothing to build");
    try (var _ = journal.begin(Name.BUILD)) {
      return builds.buildAll(config, push.repository(), needed, layers, screen, journal);
    }
  }

  /** By which whoever looks after the Remote finds the rest. */
  private void tellId() {
    screen.detail("push " + push.id().brief());
  }

  private PushOutcome rejected(List<Finding> findings) {
    Finding first = findings.getFirst();
    if (findings.size() == 1) {
      String sentence = first.sentence() + afterword();
      screen.failure("Push rejected: " + sentence);
      tellId();
      return new PushOutcome.Rejected(first.reason(), sentence);
    }
    screen.failure(
        "Push rejected: %d things are in the way, nothing was launched:"
            .formatted(findings.size()));
    findings.forEach(finding -> screen.failure("- " + finding.sentence()));
    tellId();
    return new PushOutcome.Rejected(
        first.reason(),
        "%d things are in the way, the first: %s".formatted(findings.size(), first.sentence()));
  }
}
