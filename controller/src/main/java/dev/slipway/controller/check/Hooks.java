package dev.slipway.controller.check;

import static dev.slipway.controller.check.WrittenTargets.orEmpty;

import dev.slipway.controller.resolve.References;
import dev.slipway.crd.BuildArg;
import dev.slipway.crd.Hook;
import dev.slipway.crd.ImageFrom;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.Resources;
import dev.slipway.crd.WorkloadKind;
import dev.slipway.crd.gitd.HookSettings;
import dev.slipway.crd.gitd.Place;
import dev.slipway.crd.gitd.Target;
import dev.slipway.crd.gitd.Workload;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the hooks of a Remote; one that cannot run as it is written refuses every push. */
final class Hooks {
  private static final int SECONDS = 600;
  private static final String RESERVED = "SLIPWAY_";

  private final List<Place> built;
  private final BuildInputs inputs;
  private final Set<String> names = new HashSet<>();
  private final List<HookSettings> hooks = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();

  private Hooks(References references, List<Target> targets) {
    this.inputs = new BuildInputs(references);
    this.built =
        targets.stream()
            .flatMap(
                target ->
                    target.containers().stream().map(it -> new Place(target.workload(), it.name())))
            .toList();
  }

  /**
   * What is usable.
   *
   * @param refusals sentences that every push is refused with
   */
  record Result(List<HookSettings> hooks, List<String> refusals, Verdict verdict) {}

  /**
   * Reads all of them.
   *
   * @param targets whose images they may run
   */
  static Result check(RemoteSpec spec, References references, List<Target> targets) {
    var hooks = new Hooks(references, targets);
    List<Hook> written = orEmpty(spec.hooks());
    for (int i = 0; i < written.size(); i++) {
      hooks.read("hooks[" + i + "]", written.get(i));
    }
    return hooks.result();
  }

  private Result result() {
    List<Finding> findings =
        Stream.concat(
                refusals.stream().map(it -> Finding.blocking("InvalidHook", it)),
                inputs.findings().stream())
            .toList();
    String good =
        hooks.isEmpty()
            ? "A push runs no hooks."
            : "A push runs "
                + String.join(
                    ", ", hooks.stream().map(it -> it.name() + " " + it.when().words()).toList())
                + ".";
    return new Result(
        List.copyOf(hooks), List.copyOf(refusals), new Verdict(Topic.HooksReady, findings, good));
  }

  private void read(String where, Hook hook) {
    int before = refusals.size();
    String name = Texts.orEmpty(hook.name());
    String image = Texts.orEmpty(hook.image());
    ImageFrom from = hook.imageFrom();
    if (name.isEmpty() || hook.when() == null) {
      refuse(where, "needs a name and a time, when.");
    } else if (!names.add(name)) {
      refuse(where, "has the name \"" + name + "\" again.");
    }
    if (image.isEmpty() == (from == null)) {
      refuse(where, "needs one of image and imageFrom.");
    }
    if (from != null && hook.when() == Hook.When.BeforeBuild) {
      refuse(where, "runs before the build and cannot run an image that is built: give it image.");
    }
    if (from != null && orEmpty(hook.command()).isEmpty() && orEmpty(hook.args()).isEmpty()) {
      refuse(where, "would run the app itself: give it command or args.");
    }
    Optional<Place> place = from == null ? Optional.empty() : place(where + ".imageFrom", from);
    checkNames(where, orEmpty(hook.env()));
    List<String> branches = Branches.read(where + ".branches", orEmpty(hook.branches()), refusals);
    var variables = inputs.variables(where + ".env", orEmpty(hook.env()));
    Hook.When when = hook.when();
    if (when != null && refusals.size() == before) {
      hooks.add(
          new HookSettings(
              name,
              when,
              image.isEmpty() ? null : image,
              place.orElse(null),
              orEmpty(hook.command()),
              orEmpty(hook.args()),
              variables.args(),
              branches,
              Boolean.TRUE.equals(hook.needsSource()),
              Objects.requireNonNullElse(hook.timeoutSeconds(), SECONDS),
              resources(hook.resources()),
              hook.runAsUser(),
              Boolean.TRUE.equals(hook.restricted()),
              variables.missing()));
    }
  }

  private void checkNames(String where, List<BuildArg> env) {
    env.stream()
        .map(it -> Texts.orEmpty(it.name()))
        .filter(it -> it.startsWith(RESERVED))
        .forEach(
            it ->
                refuse(
                    where,
                    "sets %s: names that begin with %s are given by Slipway."
                        .formatted(it, RESERVED)));
  }

  private Optional<Place> place(String where, ImageFrom from) {
    Optional<WorkloadKind> kind = WrittenTargets.kind(from.kind());
    String name = Texts.orEmpty(from.name());
    String container = Texts.orEmpty(from.container());
    if (kind.isEmpty()) {
      refusals.add(WrittenTargets.noKind(where, Texts.orEmpty(from.kind())));
      return Optional.empty();
    }
    List<Place> found =
        built.stream()
            .filter(it -> it.container().equals(container))
            .filter(it -> name.isEmpty() || it.workload().equals(new Workload(kind.get(), name)))
            .toList();
    if (found.size() == 1) {
      return Optional.of(found.getFirst());
    }
    refuse(
        where,
        found.isEmpty()
            ? "names container \"%s\"%s, which spec.deployments does not build: correct it."
                .formatted(
                    container, name.isEmpty() ? "" : " of " + kind.get() + " \"" + name + "\"")
            : "names container \"%s\", which is built for several workloads: name one of them."
                .formatted(container));
    return Optional.empty();
  }

  private void refuse(String where, String sentence) {
    refusals.add(where + " " + sentence);
  }

  private static ResourceRequirements resources(@Nullable Resources written) {
    return written == null
        ? new ResourceRequirements()
        : new ResourceRequirementsBuilder()
            .withRequests(written.requests())
            .withLimits(written.limits())
            .build();
  }
}
