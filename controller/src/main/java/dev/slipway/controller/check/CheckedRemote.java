package dev.slipway.controller.check;

import dev.slipway.controller.resolve.References;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.gitd.ImageRegistry;
import dev.slipway.crd.gitd.Target;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is usable of a Remote, and all that was found about it at once.
 *
 * @param authorizedKeys one line each
 * @param replaceablePods pods that gitd may have to delete so that a workload gets on
 * @param unsupported sentences that every push is refused with
 */
public record CheckedRemote(
    List<String> authorizedKeys,
    Optional<ImageRegistry> registry,
    List<Target> targets,
    Set<String> replaceablePods,
    List<String> unsupported,
    List<Verdict> verdicts) {

  public static CheckedRemote check(RemoteSpec spec, References references) {
    var keys = AuthorizedKeys.check(spec);
    var registry = Registries.check(spec, references);
    var inputs = new BuildInputs(references);
    var targets = Targets.check(spec, references, inputs);
    var unsupported = Support.check(spec);
    return new CheckedRemote(
        keys.value(),
        registry.value(),
        targets.targets(),
        targets.replaceablePods(),
        Stream.concat(targets.refusals().stream(), unsupported.value().stream()).toList(),
        List.of(
            keys.verdict(),
            registry.verdict(),
            targets.verdict(),
            inputs.verdict(),
            unsupported.verdict()));
  }
}
