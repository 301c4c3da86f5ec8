package dev.slipway.crd.gitd;

import dev.slipway.crd.BranchPattern;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one document that the controller publishes for a Remote and that gitd watches: normalised,
 * with all defaults in it, never half valid. It lies as JSON under {@link #KEY} in the Secret whose
 * name gitd is started with.
 *
 * @param namespace the Remote's namespace; targets, Jobs and Secrets are in it as well
 * @param name the Remote's name
 * @param uid the Remote's uid, for owner references of Jobs
 * @param authorizedKeys one line each, as in OpenSSH's authorized_keys: parsable, no comment lines
 * @param branches {@link BranchPattern}s of the branches that deploy, never empty
 * @param registry where images go; null means that none is configured and builds cannot be pushed
 * @param targets what is built and set, may be empty
 * @param manifests what is applied from the repository; null when nothing is
 * @param hooks what a push runs before and after it builds and deploys, in this order
 * @param limits how much a push may bring
 * @param unsupported sentences about fields of the Remote that cannot be honoured and that make a
 *     push impossible to deploy as its author meant; empty normally
 * @param frontCa public key, as one line, of the CA by which front vouches for pushers; null means
 *     that no front is known and only direct connections come in
 * @param sleepAfterSeconds how long nobody pushes or fetches until gitd sleeps; null for never
 */
public record GitdConfig(
    String namespace,
    String name,
    String uid,
    List<String> authorizedKeys,
    List<String> branches,
    @Nullable ImageRegistry registry,
    List<Target> targets,
    @Nullable ManifestSettings manifests,
    List<HookSettings> hooks,
    BuildSettings builder,
    RolloutSettings rollout,
    PushLimits limits,
    List<String> unsupported,
    @Nullable String frontCa,
    @Nullable Integer sleepAfterSeconds) {
  /** Key in the Secret's data. */
  public static final String KEY = "config.json";

  /**
   * What of it a branch deploys; empty if that is nothing.
   *
   * @param branch its short name
   */
  public Optional<GitdConfig> deployedBy(String branch) {
    boolean byRemote = matches(branches, branch);
    List<Target> deployed =
        targets.stream()
            .filter(it -> it.branches().isEmpty() ? byRemote : matches(it.branches(), branch))
            .toList();
    @Nullable ManifestSettings applied = byRemote ? manifests : null;
    boolean nothing = deployed.isEmpty() && applied == null;
    boolean somethingElsewhere = !targets.isEmpty() || manifests != null;
    return nothing && (!byRemote || somethingElsewhere)
        ? Optional.empty()
        : Optional.of(with(deployed, applied, hooksOf(branch, deployed)));
  }

  /** Patterns of all branches that deploy anything. */
  public List<String> deployBranches() {
    boolean byRemote =
        manifests != null
            || targets.isEmpty()
            || targets.stream().anyMatch(it -> it.branches().isEmpty());
    return Stream.concat(
            byRemote ? branches.stream() : Stream.of(),
            targets.stream().flatMap(it -> it.branches().stream()))
        .distinct()
        .toList();
  }

  private static boolean matches(List<String> patterns, String branch) {
    return patterns.stream().anyMatch(it -> BranchPattern.parse(it).matches(branch));
  }

  /** A hook that runs an image goes, when it says nothing else, wherever that image goes. */
  private List<HookSettings> hooksOf(String branch, List<Target> deployed) {
    return hooks.stream()
        .filter(
            hook ->
                hook.branches().isEmpty()
                    ? hook.imageFrom() == null || isBuilt(hook.imageFrom(), deployed)
                    : matches(hook.branches(), branch))
        .toList();
  }

  private static boolean isBuilt(Place place, List<Target> targets) {
    return targets.stream()
        .filter(target -> target.workload().equals(place.workload()))
        .flatMap(target -> target.containers().stream())
        .anyMatch(container -> container.name().equals(place.container()));
  }

  private GitdConfig with(
      List<Target> deployed, @Nullable ManifestSettings applied, List<HookSettings> run) {
    return new GitdConfig(
        namespace,
        name,
        uid,
        authorizedKeys,
        branches,
        registry,
        deployed,
        applied,
        run,
        builder,
        rollout,
        limits,
        unsupported,
        frontCa,
        sleepAfterSeconds);
  }

  /** The Secret that a pod template gets with an image, if there is one. */
  public Optional<String> pullSecret() {
    return Optional.ofNullable(registry).map(ImageRegistry::pullSecret);
  }

  /** Everywhere a push sets an image. */
  public List<Place> places() {
    return targets.stream()
        .flatMap(
            target ->
                target.containers().stream()
                    .flatMap(container -> container.places(target.workload()).stream()))
        .toList();
  }
}
