package dev.slipway.controller.check;

import dev.slipway.controller.resolve.References;
import dev.slipway.crd.Registry;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.gitd.HookSettings;
import dev.slipway.crd.gitd.ImageRegistry;
import dev.slipway.crd.gitd.ManifestSettings;
import dev.slipway.crd.gitd.Target;
import dev.slipway.crd.keys.AuthorizedKey;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is usable of a Remote, and all that was found about it at once.
 *
 * @param authorizedKeys by their lines
 * @param branches that deploy what has none of its own
 * @param replaceablePods pods that gitd may have to delete so that a workload gets on
 * @param unsupported sentences that every push is refused with
 */
public record CheckedRemote(
    Map<String, AuthorizedKey> authorizedKeys,
    Optional<ImageRegistry> registry,
    List<Target> targets,
    List<String> branches,
    Set<String> replaceablePods,
    Optional<ManifestSettings> manifests,
    List<HookSettings> hooks,
    List<String> unsupported,
    List<Verdict> verdicts) {

  /**
   * Checks everything.
   *
   * @param defaultRegistry for Remotes that name none
   */
  public static CheckedRemote check(
      ObjectMeta remote,
      RemoteSpec spec,
      References references,
      Optional<Registry> defaultRegistry) {
    var keys = AuthorizedKeys.check(spec, references);
    var registry = Registries.check(spec, references, defaultRegistry);
    var inputs = new BuildInputs(references);
    var targets = Targets.check(spec, references, inputs);
    var manifests = ManifestSource.check(remote, spec, references);
    var hooks = Hooks.check(spec, references, targets.targets());
    var unsupported = Support.check(spec);
    return new CheckedRemote(
        keys.value(),
        registry.value(),
        targets.targets(),
        targets.branches(),
        targets.replaceablePods(),
        manifests.value(),
        hooks.hooks(),
        Stream.of(targets.refusals(), hooks.refusals(), unsupported.value())
            .flatMap(List::stream)
            .toList(),
        List.of(
            keys.verdict(),
            registry.verdict(),
            targets.verdict(),
            targets.images(),
            inputs.verdict(),
            hooks.verdict(),
            manifests.verdict(),
            unsupported.verdict()));
  }
}
