package dev.slipway.hooks.deploy;

import dev.slipway.crd.Rollout.OnFailure;
import dev.slipway.crd.WorkloadKind;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.Place;
import dev.slipway.crd.gitd.Workload;
import dev.slipway.hooks.PipelineSettings;
import dev.slipway.hooks.kube.ApiCalls;
import dev.slipway.hooks.kube.ClusterAnswer;
import dev.slipway.hooks.kube.PushThreads;
import dev.slipway.hooks.kube.Undo;
import dev.slipway.hooks.manifests.ManifestDeployment;
import dev.slipway.hooks.manifests.ManifestDeployment.Applied;
import dev.slipway.hooks.manifests.ManifestRefusedException;
import dev.slipway.hooks.manifests.ManifestSet;
import dev.slipway.hooks.manifests.RestoredManifests;
import dev.slipway.hooks.report.PushEvents;
import dev.slipway.hooks.report.PushJournal;
import dev.slipway.hooks.report.PushReport.Rollout;
import dev.slipway.hooks.report.PushScreen;
import dev.slipway.hooks.workload.Workloads;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings built images to all targets, or to none. */
public final class Deployer {
  private static final Logger log = LoggerFactory.getLogger(Deployer.class);

  private final KubernetesClient client;
  private final Clock clock;
  private final PipelineSettings settings;
  private final ApiCalls api;
  private final Rollouts rollouts;

  public Deployer(KubernetesClient client, Clock clock, PipelineSettings settings, ApiCalls api) {
    this.client = client;
    this.clock = clock;
    this.settings = settings;
    this.api = api;
    this.rollouts = new Rollouts(client, clock, settings);
  }

  /** What a deployment has changed; it can be put back. */
  public final class Deployed {
    private final GitdConfig config;
    private final @Nullable ManifestDeployment manifests;
    private final PushJournal journal;
    private final PushEvents events;
    private final Instant began = clock.instant();
    private final SequencedMap<Workload, ImageChange> changes = new LinkedHashMap<>();
    private final List<ImageChange> applied = new ArrayList<>();

    private Deployed(
        GitdConfig config,
        @Nullable ManifestDeployment manifests,
        PushJournal journal,
        PushEvents events) {
      this.config = config;
      this.manifests = manifests;
      this.journal = journal;
      this.events = events;
    }

    private void applied(ImageChange change) {
      applied.add(change);
      events.set(change.live().object(), change.after());
    }

    private void ended(Rollout.End end) {
      journal.rollout(end, began);
    }

    /** Puts back what ran before, on all targets, without waiting for their pods. */
    public void restore() {
      ended(Rollout.End.RESTORED);
      List<ImageChange> ordered =
          Stream.concat(restored().stream(), restoredManifests().back().stream())
              .filter(change -> change.live().workload().kind() == WorkloadKind.StatefulSet)
              .toList();
      if (!ordered.isEmpty()) {
        PushThreads.start("restore", () -> follow(ordered));
      }
    }

    /**
     * Puts back what ran before, unless the Remote says to keep, and waits for it.
     *
     * @return how that went, in one sentence
     */
    public String undo(PushScreen screen) throws InterruptedException {
      return Deployer.this.undo(this, screen);
    }

    /** Gets StatefulSets past pods of the failed push, though nobody waits any more. */
    private void follow(List<ImageChange> changes) {
      try (PushScreen nobody = new PushScreen(log::info, clock, settings.restoreLimit())) {
        rollouts.await(changes, settings.restoreLimit(), nobody);
      } catch (RolloutFailedException | KubernetesClientException e) {
        log.warn("What ran before was put back and is not healthy", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private record ManifestsBack(boolean all, List<ImageChange> back) {}

    /** With the workloads as they are now, since their pods have to go the way back as well. */
    private ManifestsBack restoredManifests() {
      RestoredManifests restored =
          manifests == null ? RestoredManifests.none() : manifests.restore();
      List<ImageChange> back = new ArrayList<>();
      boolean[] all = {restored.all()};
      Undo.run(
          () -> {
            Workloads workloads = new Workloads(client, config.namespace());
            for (Workload workload : restored.workloads()) {
              try {
                api.call(() -> workloads.find(workload))
                    .map(AppliedWorkload::back)
                    .ifPresent(change -> note(change, back));
              } catch (KubernetesClientException e) {
                log.error("{} was put back and cannot be read", workload.reference(), e);
                all[0] = false;
              }
            }
          });
      return new ManifestsBack(all[0], back);
    }

    private void note(ImageChange change, List<ImageChange> back) {
      back.add(change);
      if (!change.isNone()) {
        events.putBack(change.live().object(), change.after());
      }
    }

    private List<ImageChange> restored() {
      List<ImageChange> back = new ArrayList<>();
      Undo.run(
          () -> {
            TargetImages images = new TargetImages(api, new Workloads(client, config.namespace()));
            for (ImageChange change : changes.sequencedValues().reversed()) {
              try {
                Optional<ImageChange> restored = images.restore(change);
                restored.ifPresent(it -> note(it, back));
              } catch (KubernetesClientException e) {
                log.error("{} could not be put back", change.key(), e);
              }
            }
          });
      return back;
    }
  }

  /**
   * Sets all images and awaits that all targets are healthy with them. CronJobs get theirs last,
   * and Jobs of manifests come last: of them nothing can be awaited, and no job shall run an image
   * that is put back.
   *
   * @throws RolloutFailedException if they do not get healthy; what ran before has been put back,
   *     unless the Remote says to keep
   * @throws InterruptedException if the push is cancelled; what ran before has been put back
   */
  public Deployed deploy(
      GitdConfig config, Release release, PushScreen screen, PushJournal journal, PushEvents events)
      throws RolloutFailedException, InterruptedException {
    Deployed deployed = new Deployed(config, release.deployment(), journal, events);
    Duration timeout = Duration.ofSeconds(config.rollout().timeoutSeconds());
    try {
      Map<Workload, Map<String, String>> images = byWorkload(release);
      // With the images in them, so that no placeholder ever runs.
      ManifestSet manifests =
          release
              .manifests()
              .with(release.places(), TargetImages.annotations(release), config.pullSecret());
      apply(release, manifests.withoutJobs(), deployed, screen);
      images.keySet().removeAll(manifests.workloads());
      Map<Boolean, List<Workload>> awaited =
          images.keySet().stream()
              .collect(Collectors.partitioningBy(it -> it.kind() != WorkloadKind.CronJob));
      for (Workload workload : awaited.getOrDefault(true, List.of())) {
        set(release, workload, images, deployed, screen);
      }
      rollouts.await(
          Stream.concat(deployed.applied.stream(), deployed.changes.values().stream()).toList(),
          timeout,
          screen);
      for (Workload workload : awaited.getOrDefault(false, List.of())) {
        ImageChange change = set(release, workload, images, deployed, screen);
        screen.detail(change.key() + ": " + change.live().end());
      }
      apply(release, manifests.jobs(), deployed, screen);
      deployed.ended(Rollout.End.HEALTHY);
      return deployed;
    } catch (RolloutFailedException e) {
      throw new RolloutFailedException(e.reason(), e.sentence() + " " + undo(deployed, screen));
    } catch (ManifestRefusedException e) {
      throw new RolloutFailedException(
          "ManifestsRefused", e.getMessage() + " " + undo(deployed, screen));
    } catch (KubernetesClientException e) {
      throw new RolloutFailedException(
          "ClusterFault",
          "the cluster does not take what was pushed: %s. %s"
              .formatted(ClusterAnswer.words(e), undo(deployed, screen)));
    } catch (InterruptedException | RuntimeException e) {
      deployed.restore();
      throw e;
    }
  }

  private static void apply(
      Release release, ManifestSet manifests, Deployed deployed, PushScreen screen)
      throws ManifestRefusedException, InterruptedException {
    if (release.deployment() == null || manifests.isEmpty()) {
      return;
    }
    Map<Place, String> images = release.places();
    try (PushScreen.Waiting _ = screen.waitFor("the cluster to take the manifests")) {
      for (Applied applied : release.deployment().apply(manifests, images, screen)) {
        if (applied.rollsOut(images)) {
          AppliedWorkload.change(applied).ifPresent(deployed::applied);
        }
      }
    }
  }

  private ImageChange set(
      Release release,
      Workload workload,
      Map<Workload, Map<String, String>> images,
      Deployed deployed,
      PushScreen screen)
      throws InterruptedException {
    ImageChange change;
    try (PushScreen.Waiting _ =
        screen.waitFor("the cluster to set the images of " + workload.reference())) {
      change =
          new TargetImages(api, new Workloads(client, deployed.config.namespace()))
              .set(
                  workload,
                  images.getOrDefault(workload, Map.of()),
                  TargetImages.annotations(release),
                  deployed.config.pullSecret(),
                  intended -> deployed.changes.put(workload, intended));
    }
    deployed.changes.put(workload, change);
    if (change.isNone()) {
      screen.detail(change.key() + ": runs this image already");
    } else {
      deployed.events.set(change.live().object(), change.after());
    }
    return change;
  }

  /** Puts back what ran before and says so in one sentence. */
  private String undo(Deployed deployed, PushScreen screen) throws InterruptedException {
    if (deployed.config.rollout().onFailure() == OnFailure.Keep) {
      deployed.ended(Rollout.End.KEPT);
      return "The failed rollout is kept for inspection, as the Remote says.";
    }
    Duration limit = settings.restoreLimit();
    screen.phase(
        "Putting back what ran before, waiting at most %d s for it".formatted(limit.toSeconds()));
    List<ImageChange> back;
    Deployed.ManifestsBack manifests;
    try (PushScreen.Waiting _ = screen.waitFor("the cluster to take back what was deployed")) {
      back = deployed.restored();
      manifests = deployed.restoredManifests();
    }
    if (!manifests.all() || back.size() < deployed.changes.size()) {
      deployed.ended(Rollout.End.BROKEN);
      return "Not everything could be put back; see the log of gitd.";
    }
    try {
      rollouts.await(
          Stream.concat(back.stream(), manifests.back().stream()).toList(), limit, screen);
      deployed.ended(Rollout.End.RESTORED);
      return "What ran before runs again.";
    } catch (RolloutFailedException e) {
      deployed.ended(Rollout.End.BROKEN);
      return "What ran before was put back, but %s".formatted(e.sentence());
    }
  }

  private static Map<Workload, Map<String, String>> byWorkload(Release release) {
    Map<Workload, Map<String, String>> workloads = new LinkedHashMap<>();
    release
        .places()
        .forEach(
            (place, image) ->
                workloads
                    .computeIfAbsent(place.workload(), workload -> new TreeMap<>())
                    .put(place.container(), image));
    return workloads;
  }
}
