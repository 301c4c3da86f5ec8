package dev.slipway.controller.check;

import dev.slipway.crd.ContainerBuild;
import dev.slipway.crd.DeploymentTarget;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.WorkloadKind;
import dev.slipway.crd.gitd.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The entries of {@code spec.deployments} that have a kind and a name of their own. */
public final class WrittenTargets {
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();
  private final Map<Workload, Entry> entries = new LinkedHashMap<>();

  /**
   * One entry.
   *
   * @param where it stands in the spec
   * @param containers by name, in the order in which they are written
   * @param branches as they are written
   */
  record Entry(String where, Map<String, Written> containers, List<String> branches) {}

  /**
   * One container of an entry.
   *
   * @param where it stands in the spec
   */
  record Written(String where, ContainerBuild build) {}

  private WrittenTargets() {}

  /** The names of the workloads that a spec refers to, by kind. */
  public static Map<WorkloadKind, Set<String>> workloads(RemoteSpec spec) {
    Map<WorkloadKind, Set<String>> names = new EnumMap<>(WorkloadKind.class);
    read(spec)
        .entries()
        .keySet()
        .forEach(it -> names.computeIfAbsent(it.kind(), _ -> new TreeSet<>()).add(it.name()));
    return names;
  }

  static WrittenTargets read(RemoteSpec spec) {
    var targets = new WrittenTargets();
    List<DeploymentTarget> written = orEmpty(spec.deployments());
    for (int i = 0; i < written.size(); i++) {
      targets.read("deployments[" + i + "]", written.get(i));
    }
    return targets;
  }

  Map<Workload, Entry> entries() {
    return entries;
  }

  /** What was left out, and why. */
  List<Finding> findings() {
    return findings;
  }

  /** What was left out so that no push can do what its author means. */
  List<String> refusals() {
    return refusals;
  }

  private void read(String where, DeploymentTarget written) {
    String name = Texts.orEmpty(written.name());
    Optional<WorkloadKind> kind = kind(written.kind());
    if (kind.isEmpty()) {
      String sentence = noKind(where, Texts.orEmpty(written.kind()));
      findings.add(Finding.blocking("UnknownKind", sentence));
      refusals.add(sentence);
      return;
    }
    if (name.isEmpty()) {
      findings.add(Finding.blocking("NoName", where + " has no name: name a " + kind.get() + "."));
      return;
    }
    var workload = new Workload(kind.get(), name);
    if (entries.containsKey(workload)) {
      findings.add(
          Finding.blocking(
              "DuplicateName",
              "%s names %s again: put its containers together."
                  .formatted(where, quoted(workload))));
      return;
    }
    entries.put(
        workload, new Entry(where, containers(where, written), orEmpty(written.branches())));
  }

  private Map<String, Written> containers(String where, DeploymentTarget target) {
    Map<String, Written> containers = new LinkedHashMap<>();
    List<ContainerBuild> builds = orEmpty(target.containers());
    Set<String> names = new HashSet<>();
    for (int i = 0; i < builds.size(); i++) {
      String here = where + ".containers[" + i + "]";
      String name = Texts.orEmpty(builds.get(i).name());
      if (name.isEmpty()) {
        findings.add(Finding.blocking("NoName", here + " has no name: name a container."));
      } else if (!names.add(name)) {
        findings.add(
            Finding.blocking("DuplicateName", here + " names container \"" + name + "\" again."));
      } else {
        containers.put(name, new Written(here, builds.get(i)));
      }
    }
    return containers;
  }

  /** A Deployment when nothing is written. */
  static Optional<WorkloadKind> kind(@Nullable String written) {
    String kind = Texts.orEmpty(written);
    return kind.isEmpty()
        ? Optional.of(WorkloadKind.Deployment)
        : Arrays.stream(WorkloadKind.values()).filter(it -> it.name().equals(kind)).findFirst();
  }

  static String noKind(String where, String kind) {
    String kinds =
        Arrays.stream(WorkloadKind.values()).map(Enum::name).collect(Collectors.joining(", "));
    return kind.equals("Job")
        ? where
            + ".kind is Job, and a Job cannot change its image: use a CronJob, if need be a suspended one, and kubectl create job --from=cronjob/NAME to run it."
        : "%s.kind is \"%s\", which is none of: %s.".formatted(where, kind, kinds);
  }

  /** For example {@code StatefulSet "db"}. */
  static String quoted(Workload workload) {
    return workload.kind() + " \"" + workload.name() + "\"";
  }

  static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
