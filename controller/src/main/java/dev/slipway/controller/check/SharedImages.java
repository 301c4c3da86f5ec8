package dev.slipway.controller.check;

import dev.slipway.controller.check.WrittenTargets.Entry;
import dev.slipway.controller.check.WrittenTargets.Written;
import dev.slipway.crd.ContainerBuild;
import dev.slipway.crd.ImageFrom;
import dev.slipway.crd.WorkloadKind;
import dev.slipway.crd.gitd.Place;
import dev.slipway.crd.gitd.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds where images are used that are built for another container. Only what is built can be
 * named, so that there are no chains and no circles.
 */
final class SharedImages {
  private final Map<Workload, Entry> entries;
  private final Map<Place, List<Place>> uses = new LinkedHashMap<>();
  private final List<String> refusals = new ArrayList<>();

  private SharedImages(Map<Workload, Entry> entries) {
    this.entries = entries;
  }

  static SharedImages in(Map<Workload, Entry> entries) {
    var images = new SharedImages(entries);
    entries.forEach(
        (workload, entry) ->
            entry
                .containers()
                .forEach(
                    (name, written) -> {
                      ImageFrom from = written.build().imageFrom();
                      if (from != null) {
                        images.read(new Place(workload, name), written, from);
                      }
                    }));
    return images;
  }

  /** Where the image of a container that is built is used as well. */
  List<Place> usesOf(Place built) {
    return List.copyOf(uses.getOrDefault(built, List.of()));
  }

  /** Sentences about references that lead nowhere. */
  List<String> refusals() {
    return refusals;
  }

  private void read(Place user, Written written, ImageFrom from) {
    String where = written.where() + ".imageFrom";
    Optional<WorkloadKind> kind = WrittenTargets.kind(from.kind());
    String name = Texts.orEmpty(from.name());
    String container = Texts.orEmpty(from.container());
    if (kind.isEmpty()) {
      refusals.add(WrittenTargets.noKind(where, Texts.orEmpty(from.kind())));
    } else if (container.isEmpty()) {
      refusals.add(where + " names no container: name the one that is built.");
    } else if (buildsAsWell(written.build())) {
      refusals.add(
          where
              + " takes an image that is built elsewhere: beside it only name may be set, remove the rest.");
    } else {
      var source = name.isEmpty() ? user.workload() : new Workload(kind.get(), name);
      take(where, user, new Place(source, container));
    }
  }

  private void take(String where, Place user, Place source) {
    Entry entry = entries.get(source.workload());
    Written built = entry == null ? null : entry.containers().get(source.container());
    if (built == null) {
      refusals.add(
          "%s names container \"%s\" of %s, which spec.deployments does not build: correct it."
              .formatted(where, source.container(), WrittenTargets.quoted(source.workload())));
    } else if (built.build().imageFrom() != null) {
      refusals.add(
          "%s names container \"%s\" of %s, which has an imageFrom itself: name one that is built."
              .formatted(where, source.container(), WrittenTargets.quoted(source.workload())));
    } else {
      uses.computeIfAbsent(source, _ -> new ArrayList<>()).add(user);
    }
  }

  private static boolean buildsAsWell(ContainerBuild build) {
    return !Texts.orEmpty(build.path()).isEmpty()
        || !Texts.orEmpty(build.dockerfile()).isEmpty()
        || !Texts.orEmpty(build.target()).isEmpty()
        || !WrittenTargets.orEmpty(build.buildArgs()).isEmpty()
        || !WrittenTargets.orEmpty(build.buildArgsFrom()).isEmpty()
        || !WrittenTargets.orEmpty(build.buildSecrets()).isEmpty()
        || Boolean.TRUE.equals(build.noCache())
        || Boolean.FALSE.equals(build.deploy());
  }
}
