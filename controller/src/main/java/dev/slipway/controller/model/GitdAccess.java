package dev.slipway.controller.model;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import dev.slipway.crd.Remote;
import dev.slipway.crd.WorkloadKind;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.Place;
import dev.slipway.crd.gitd.Target;
import dev.slipway.crd.gitd.Workload;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** Who gitd is, and the few things it may touch, by name wherever RBAC can say a name. */
final class GitdAccess {
  private static final String CORE = "";

  private GitdAccess() {}

  static ServiceAccount serviceAccount(Metadata metadata, Names names) {
    return new ServiceAccountBuilder()
        .withMetadata(metadata.of(names.gitd()))
        .withAutomountServiceAccountToken(false)
        .build();
  }

  /**
   * What gitd may do.
   *
   * @param replaceablePods pods that it may have to delete so that a workload gets on
   */
  static Role role(Metadata metadata, Names names, GitdConfig config, Set<String> replaceablePods) {
    List<PolicyRule> rules = new ArrayList<>();
    rules.add(named(CORE, "secrets", names.configSecret(), "list", "watch"));
    rules.add(named(CORE, "secrets", names.tokensSecret(), "get", "patch"));
    if (config.registry() != null) {
      // To ask the registry before anything is built.
      if (config.registry().credentials() != null) {
        rules.add(named(CORE, "secrets", config.registry().credentials().secret(), "get"));
      }
      if (config.registry().ca() != null && !config.registry().insecure()) {
        rules.add(certificate(config.registry().ca()));
      }
    }
    config.places().stream()
        .map(Place::workload)
        .distinct()
        .collect(groupingBy(Workload::kind, TreeMap::new, mapping(Workload::name, toList())))
        .forEach((kind, named) -> rules.add(targets(kind, named, config.manifests() != null)));
    if (!replaceablePods.isEmpty()) {
      rules.add(
          new PolicyRuleBuilder()
              .withApiGroups(CORE)
              .withResources("pods")
              .withResourceNames(replaceablePods.stream().sorted().toList())
              .withVerbs("delete")
              .build());
    }
    if (config.manifests() != null) {
      // What manifests bring has no name yet; it is awaited and put back all the same.
      rules.add(
          any(
              "apps",
              List.of("deployments", "statefulsets", "daemonsets"),
              "get",
              "list",
              "watch"));
      rules.add(any("batch", List.of("cronjobs"), "get"));
    }
    rules.add(any(CORE, List.of("pods"), "list", "watch"));
    rules.add(any(CORE, List.of("pods/log"), "get"));
    rules.add(any(CORE, List.of("events"), "list", "create", "patch"));
    rules.add(any("batch", List.of("jobs"), "create", "get", "list", "watch", "delete"));
    rules.add(named(Remote.GROUP, "remotes", config.name(), "get"));
    rules.add(named(Remote.GROUP, "remotes/status", config.name(), "patch"));
    if (config.sleepAfterSeconds() != null) {
      // To ask for no gitd; of the spec, a scale can change nothing else.
      rules.add(named(Remote.GROUP, "remotes/scale", config.name(), "patch"));
    }
    return new RoleBuilder().withMetadata(metadata.of(names.gitd())).withRules(rules).build();
  }

  static RoleBinding roleBinding(Metadata metadata, Names names, GitdConfig config) {
    return new RoleBindingBuilder()
        .withMetadata(metadata.of(names.gitd()))
        .withNewRoleRef("rbac.authorization.k8s.io", "Role", names.gitd())
        .addNewSubject("", "ServiceAccount", names.gitd(), config.namespace())
        .build();
  }

  private static PolicyRule certificate(Target.Source ca) {
    return switch (ca.kind()) {
      case Secret -> named(CORE, "secrets", ca.name(), "get");
      case ConfigMap -> named(CORE, "configmaps", ca.name(), "get");
    };
  }

  /**
   * What targets of one kind need.
   *
   * @param read whether all of the kind may be read anyway
   */
  private static PolicyRule targets(WorkloadKind kind, List<String> names, boolean read) {
    List<String> verbs = new ArrayList<>(List.of("patch"));
    if (!read) {
      verbs.add("get");
      if (kind != WorkloadKind.CronJob) {
        // Nothing of a CronJob can be awaited.
        verbs.addAll(List.of("list", "watch"));
      }
    }
    return new PolicyRuleBuilder()
        .withApiGroups(kind.group())
        .withResources(kind.plural())
        .withResourceNames(names)
        .withVerbs(verbs)
        .build();
  }

  private static PolicyRule named(String group, String resource, String name, String... verbs) {
    return new PolicyRuleBuilder()
        .withApiGroups(group)
        .withResources(resource)
        .withResourceNames(name)
        .withVerbs(verbs)
        .build();
  }

  private static PolicyRule any(String group, List<String> resources, String... verbs) {
    return new PolicyRuleBuilder()
        .withApiGroups(group)
        .withResources(resources)
        .withVerbs(verbs)
        .build();
  }
}
