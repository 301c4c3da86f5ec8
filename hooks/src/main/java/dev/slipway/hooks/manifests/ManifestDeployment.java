package dev.slipway.hooks.manifests;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.crd.AppliedObject;
import dev.slipway.crd.Remote;
import dev.slipway.crd.ShortName;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.ManifestSettings;
import dev.slipway.crd.gitd.Place;
import dev.slipway.crd.gitd.Workload;
import dev.slipway.hooks.kube.ApiCalls;
import dev.slipway.hooks.kube.ClusterAnswer;
import dev.slipway.hooks.kube.Labels;
import dev.slipway.hooks.kube.Undo;
import dev.slipway.hooks.manifests.ManifestObjects.Answer;
import dev.slipway.hooks.manifests.ManifestObjects.Conflict;
import dev.slipway.hooks.report.PushScreen;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manifests of one push on their way into the namespace: rehearsed, applied, pruned, or taken
 * back.
 */
public final class ManifestDeployment implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ManifestDeployment.class);

  private static final int MAX_PROBLEMS = 50;

  static final String GENERATION = "/metadata/generation";

  /** What says which push an image came from, and gitd writes where it sets one alone. */
  private static final Set<String> OWN_ANNOTATIONS =
      Set.of(
          ".metadata.annotations." + Remote.GROUP + "/commit",
          ".metadata.annotations." + Remote.GROUP + "/digests",
          ".metadata.annotations.kubernetes.io/change-cause");

  private final ManifestSettings settings;
  private final GitdConfig config;
  private final KindView kinds;
  private final ManifestObjects objects;
  private final Inventory inventory;
  private final AppliedManifests applied;
  private final OtherImages others;

  /**
   * One object that a push has applied.
   *
   * @param before as it was, if it was there
   */
  public record Applied(Manifest manifest, Optional<ObjectNode> before, ObjectNode now) {

    /** What it is, if it makes pods. */
    public Optional<Workload> workload() {
      return ManifestSet.workload(manifest);
    }

    /** The image of each of its containers. */
    public Map<String, String> images() {
      return ManifestSet.containers(now)
          .collect(
              Collectors.toMap(
                  container -> container.path("name").asText(),
                  container -> container.path("image").asText()));
    }

    /** Whether the push has anything to do with how its pods are. */
    public boolean rollsOut(Map<Place, String> images) {
      return !ManifestSet.images(manifest, images).isEmpty()
          || before.isEmpty()
          || !before.get().at(GENERATION).equals(now.at(GENERATION));
    }
  }

  private ManifestDeployment(
      ManifestSettings settings,
      GitdConfig config,
      KindView kinds,
      ManifestObjects objects,
      Inventory inventory) {
    this.settings = settings;
    this.config = config;
    this.kinds = kinds;
    this.objects = objects;
    this.inventory = inventory;
    this.applied = new AppliedManifests(objects);
    this.others = new OtherImages(config.places());
  }

  /**
   * Becomes the account that applies.
   *
   * @param client gitd's own
   * @param config of the Remote with the targets of all branches, as other branches' images stay
   * @throws ManifestRefusedException if gitd may not, or there is no such account
   */
  public static ManifestDeployment begin(
      KubernetesClient client,
      ApiCalls api,
      Clock clock,
      GitdConfig config,
      ManifestSettings settings,
      KindView kinds)
      throws ManifestRefusedException, InterruptedException {
    try {
      KubernetesClient account =
          ManifestAccount.client(client, api, clock, config, settings.serviceAccount());
      return new ManifestDeployment(
          settings,
          config,
          kinds,
          new ManifestObjects(account, api, config.namespace()),
          new Inventory(client, api, config));
    } catch (KubernetesClientException e) {
      if (e.getCode() != 403 && e.getCode() != 404) {
        throw e;
      }
      throw new ManifestRefusedException(
          List.of(
              "manifests are applied as ServiceAccount %s, and gitd %s; the condition ManifestsAllowed of the Remote says how to grant it."
                  .formatted(
                      settings.serviceAccount(),
                      e.getCode() == 404 ? "finds none of that name" : "may not act as it")));
    }
  }

  /**
   * Tries everything without changing anything.
   *
   * @param set with images in it, though they need not exist yet
   * @return sentences about what cannot be tried before the push
   * @throws ManifestRefusedException if some of it would not work
   */
  public List<String> rehearse(ManifestSet set, Map<Place, String> images)
      throws ManifestRefusedException, InterruptedException {
    List<String> problems =
        new ArrayList<>(
            new ManifestRights(objects, config, settings).missing(set).stream().toList());
    List<String> notes = new ArrayList<>();
    if (problems.isEmpty()) {
      Arriving arriving = new Arriving();
      for (Map.Entry<Manifest, KindView.Kind> each : set.manifests().entrySet()) {
        rehearse(each.getKey(), each.getValue(), images, arriving, notes).ifPresent(problems::add);
        if (problems.size() == MAX_PROBLEMS) {
          break;
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new ManifestRefusedException(problems);
    }
    return notes;
  }

  private Optional<String> rehearse(
      Manifest manifest,
      KindView.Kind kind,
      Map<Place, String> images,
      Arriving arriving,
      List<String> notes)
      throws InterruptedException {
    String what = "%s: %s".formatted(manifest.where(), manifest.title());
    try {
      Optional<ObjectNode> live = objects.find(manifest, kind);
      Optional<String> other = live.flatMap(this::otherRemote);
      if (other.isPresent()) {
        return Optional.of(
            "%s is applied by remote %s; let one of the two have it.".formatted(what, other.get()));
      }
      if (live.isEmpty()) {
        arriving.add(manifest);
      }
      Manifest kept = others.kept(manifest, images, live);
      return switch (apply(kept, kind, images, /* dryRun= */ true)) {
        case Answer.Applied ignored -> Optional.empty();
        case Answer.Conflicting(List<Conflict> conflicts) ->
            Optional.of("%s: %s.".formatted(what, sentence(conflicts)));
      };
    } catch (InvalidManifestException e) {
      return Optional.of("%s: %s.".formatted(what, e.sentence()));
    } catch (KubernetesClientException e) {
      if (e.getCode() < 400 || e.getCode() >= 500) {
        throw e;
      }
      Optional<Manifest> needed = arriving.neededBy(manifest, e);
      if (needed.isPresent()) {
        notes.add(
            "%s: cannot be tried before %s is there, which comes with this push"
                .formatted(what, needed.get().title()));
        return Optional.empty();
      }
      return Optional.of(
          "%s: the cluster does not take it: %s.".formatted(what, ClusterAnswer.words(e)));
    }
  }

  /**
   * Applies everything; to be undone by {@link #restore} when it, or what comes after it, fails.
   *
   * @return each object, in the order of the set
   * @throws ManifestRefusedException if the cluster has changed since the rehearsal
   */
  public List<Applied> apply(ManifestSet set, Map<Place, String> images, PushScreen screen)
      throws ManifestRefusedException, InterruptedException {
    List<AppliedObject> all = new ArrayList<>(inventory.read());
    set.manifests().keySet().forEach(manifest -> all.add(manifest.entry()));
    // Before anything is there: what a gitd that dies now leaves behind is known all the same.
    inventory.write(all);
    List<Applied> done = new ArrayList<>();
    for (Map.Entry<Manifest, KindView.Kind> each : set.manifests().entrySet()) {
      Optional<ObjectNode> before = objects.find(each.getKey(), each.getValue());
      Manifest manifest = kept(each.getKey(), images, before);
      applied.remember(manifest, each.getValue(), before);
      switch (apply(manifest, each.getValue(), images, /* dryRun= */ false)) {
        case Answer.Applied(ObjectNode now) -> {
          screen.detail("%s %s".formatted(manifest.reference(), change(before, now)));
          done.add(new Applied(manifest, before, now));
        }
        case Answer.Conflicting(List<Conflict> conflicts) ->
            throw refused(manifest, sentence(conflicts));
      }
    }
    return done;
  }

  private Manifest kept(Manifest manifest, Map<Place, String> images, Optional<ObjectNode> before)
      throws ManifestRefusedException {
    try {
      return others.kept(manifest, images, before);
    } catch (InvalidManifestException e) {
      throw refused(manifest, e.sentence());
    }
  }

  private static ManifestRefusedException refused(Manifest manifest, String why) {
    return new ManifestRefusedException(
        List.of("%s: %s: %s.".formatted(manifest.where(), manifest.title(), why)));
  }

  /**
   * Ends a push that went well: what the commit no longer holds is deleted, or named.
   *
   * @return whether the inventory could be brought up to date, which the next push does otherwise
   */
  public boolean finish(ManifestSet set, PushScreen screen) throws InterruptedException {
    List<AppliedObject> kept = new ArrayList<>();
    set.manifests().keySet().forEach(manifest -> kept.add(manifest.entry()));
    try {
      for (AppliedObject entry : inventory.read()) {
        if (set.manifests().keySet().stream().noneMatch(manifest -> manifest.is(entry))
            && !prune(entry, screen)) {
          kept.add(entry);
        }
      }
      inventory.write(kept);
      return true;
    } catch (KubernetesClientException e) {
      log.warn("The inventory of {} could not be written", config.name(), e);
      return false;
    }
  }

  /** Takes everything back, also when the push is cancelled. */
  public RestoredManifests restore() {
    List<RestoredManifests> restored = new ArrayList<>();
    Undo.run(() -> restored.add(applied.restore()));
    return restored.isEmpty()
        ? new RestoredManifests(/* all= */ false, List.of())
        : restored.getFirst();
  }

  @Override
  public void close() {
    objects.close();
  }

  /** Returns whether the entry can be forgotten. */
  private boolean prune(AppliedObject entry, PushScreen screen) throws InterruptedException {
    Manifest stale = manifest(entry);
    Optional<KindView.Kind> kind = kinds.find(stale.apiVersion(), stale.kind());
    if (kind.isEmpty()) {
      return true;
    }
    try {
      Optional<ObjectNode> live = objects.find(stale, kind.get());
      if (live.isEmpty() || !isOurs(live.get())) {
        return true;
      }
      if (!settings.prune()) {
        screen.detail(
            "%s is no longer in the repository and stays; spec.manifests.prune deletes such objects"
                .formatted(stale.reference()));
        return false;
      }
      if (live.get().at("/metadata/annotations/helm.sh~1resource-policy").asText().equals("keep")) {
        screen.detail("%s stays, as its annotation says".formatted(stale.reference()));
        return true;
      }
      applied.remember(stale, kind.get(), live);
      objects.delete(stale, kind.get());
      screen.detail("%s deleted, it is no longer in the repository".formatted(stale.reference()));
      return true;
    } catch (KubernetesClientException e) {
      screen.detail(
          "%s is no longer in the repository and cannot be deleted: %s"
              .formatted(stale.reference(), ClusterAnswer.words(e)));
      return false;
    }
  }

  private static Manifest manifest(AppliedObject entry) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("apiVersion", entry.apiVersion()).put("kind", entry.kind());
    object.putObject("metadata").put("name", entry.name());
    return new Manifest("inventory", object);
  }

  private boolean isOurs(ObjectNode live) {
    return live.path("metadata")
            .path("labels")
            .path(Labels.REMOTE)
            .asText()
            .equals(ShortName.labelValue(config.name()))
        && !OwnedFields.of(live, ManifestObjects.FIELD_MANAGER).isEmpty();
  }

  private Optional<String> otherRemote(ObjectNode live) {
    return Optional.of(live.path("metadata").path("labels").path(Labels.REMOTE).asText())
        .filter(name -> !name.isEmpty() && !name.equals(ShortName.labelValue(config.name())));
  }

  /** Wins over the owner of an image that the push has built, and over nobody else unasked. */
  private Answer apply(
      Manifest manifest, KindView.Kind kind, Map<Place, String> images, boolean dryRun)
      throws InterruptedException {
    Answer answer = objects.apply(manifest, kind, settings.forceConflicts(), dryRun);
    Set<String> built = ManifestSet.images(manifest, images).keySet();
    return answer instanceof Answer.Conflicting(List<Conflict> conflicts)
            && conflicts.stream().allMatch(conflict -> isOurs(conflict, built))
        ? objects.apply(manifest, kind, /* force= */ true, dryRun)
        : answer;
  }

  /** Whether a conflict is about an image of this push, or about what belongs to images. */
  static boolean isOurs(Conflict conflict, Set<String> built) {
    return OWN_ANNOTATIONS.contains(conflict.field())
        || built.stream()
            .anyMatch(
                container ->
                    conflict.field().endsWith("ontainers[name=\"" + container + "\"].image"));
  }

  private static String sentence(List<Conflict> conflicts) {
    List<String> owned =
        conflicts.stream()
            .map(conflict -> "%s belongs to %s".formatted(conflict.field(), conflict.manager()))
            .toList();
    return String.join(", ", owned)
        + ", with another value; leave it out of the manifest, or set spec.manifests.forceConflicts to take it over";
  }

  private static String change(Optional<ObjectNode> before, ObjectNode now) {
    if (before.isEmpty()) {
      return "created";
    }
    return before.get().at("/metadata/resourceVersion").equals(now.at("/metadata/resourceVersion"))
        ? "unchanged"
        : "changed";
  }
}
