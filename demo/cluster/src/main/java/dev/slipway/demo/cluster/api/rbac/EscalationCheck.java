package dev.slipway.demo.cluster.api.rbac;

import dev.slipway.demo.cluster.api.auth.User;
import dev.slipway.demo.cluster.api.resource.Admission;
import dev.slipway.demo.cluster.schema.Rejected;
import dev.slipway.demo.cluster.schema.ResourceName;
import java.util.List;
import java.util.stream.Collectors;

/** Nobody hands out rights that they do not have, unless they may {@code escalate} or bind. */
public record EscalationCheck(Authorizer authorizer) implements Admission {
  private static final String GROUP = "rbac.authorization.k8s.io";

  @Override
  public void admit(Attempt attempt) {
    if (!attempt.type().group().equals(GROUP) || attempt.user().groups().contains(User.MASTERS)) {
      return;
    }
    var object = attempt.object();
    switch (attempt.type().kind()) {
      case "Role", "ClusterRole" -> {
        boolean unchanged =
            attempt
                .before()
                .filter(old -> old.at("/rules").equals(object.at("/rules")))
                .isPresent();
        if (!unchanged && !may(attempt, "escalate", attempt.type().resource(), object.name())) {
          requireHeld(attempt, Rule.all(object.at("/rules")));
        }
      }
      case "RoleBinding", "ClusterRoleBinding" -> {
        var role = object.at("/roleRef");
        var plural = role.path("kind").asText().equals("Role") ? "roles" : "clusterroles";
        var name = role.path("name").asText();
        if (!may(attempt, "bind", new ResourceName(GROUP, plural), name)) {
          requireHeld(attempt, authorizer.rulesOf(role, object.namespace()).toList());
        }
      }
      default -> {
        // Not about rights.
      }
    }
  }

  private boolean may(Attempt attempt, String verb, ResourceName resource, String name) {
    return authorizer.allows(
        attempt.user(),
        new Action.OnResource(verb, resource, attempt.object().namespace(), name, ""));
  }

  private void requireHeld(Attempt attempt, List<Rule> granted) {
    var user = attempt.user();
    var held = authorizer.rules(user, attempt.object().namespace());
    var missing = granted.stream().filter(rule -> !rule.isHeldBy(held)).toList();
    if (missing.isEmpty()) {
      granted.stream()
          .flatMap(rule -> rule.actions(attempt.object().namespace()))
          .forEach(action -> authorizer.used().note(user, action));
      return;
    }
    var groups =
        user.groups().stream().map(group -> '"' + group + '"').collect(Collectors.joining(" "));
    throw Rejected.forbidden(
        attempt.type().resource(),
        attempt.object().name(),
        "user \"%s\" (groups=[%s]) is attempting to grant RBAC permissions not currently held:\n%s"
            .formatted(
                user.name(),
                groups,
                missing.stream().map(Rule::described).collect(Collectors.joining("\n"))));
  }
}
