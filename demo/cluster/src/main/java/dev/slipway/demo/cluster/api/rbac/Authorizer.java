package dev.slipway.demo.cluster.api.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.api.auth.User;
import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.object.Json;
import dev.slipway.demo.cluster.api.storage.Key;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.schema.Rejected;
import dev.slipway.demo.cluster.schema.ResourceName;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Decides by the Roles and bindings in the store, as they are at that moment. */
public final class Authorizer {
  private static final String GROUP = "rbac.authorization.k8s.io";
  private static final ResourceName ROLES = new ResourceName(GROUP, "roles");
  private static final ResourceName ROLE_BINDINGS = new ResourceName(GROUP, "rolebindings");
  private static final ResourceName CLUSTER_ROLES = new ResourceName(GROUP, "clusterroles");
  private static final ResourceName CLUSTER_ROLE_BINDINGS =
      new ResourceName(GROUP, "clusterrolebindings");

  private final Store store;
  private final UsedRights used = new UsedRights(this);
  private final Map<Key, Parsed> parsed = new ConcurrentHashMap<>();

  private record Parsed(String version, List<Rule> rules) {}

  public Authorizer(Store store) {
    this.store = store;
  }

  /** What was needed of the rights by whom; only what passed {@link #require} counts. */
  public UsedRights used() {
    return used;
  }

  /** Refuses what the user may not do with the sentence of the real server. */
  public void require(User user, Action.OnResource action) {
    if (!allows(user, action)) {
      throw Rejected.forbidden(action.resource(), action.name(), action.refusal(user.name()));
    }
    used.note(user, action);
  }

  public boolean allows(User user, Action action) {
    if (user.groups().contains(User.MASTERS)) {
      return true;
    }
    var namespace = action instanceof Action.OnResource on ? on.namespace() : "";
    return granted(user, namespace).anyMatch(rule -> rule.allows(action));
  }

  /** Everything that a user may do in a namespace, or in the whole cluster when it is empty. */
  List<Rule> rules(User user, String namespace) {
    return granted(user, namespace).toList();
  }

  /** Those of the whole cluster first: who has found what allows him looks no further. */
  private Stream<Rule> granted(User user, String namespace) {
    return Stream.<Supplier<Store.Snapshot>>of(
            () -> store.list(CLUSTER_ROLE_BINDINGS, ""), () -> store.list(ROLE_BINDINGS, namespace))
        .limit(namespace.isEmpty() ? 1 : 2)
        .flatMap(bindings -> bindings.get().objects().stream())
        .filter(binding -> names(binding, user))
        .flatMap(binding -> rulesOf(binding.at("/roleRef"), binding.namespace()));
  }

  /** What a user has by his name and not by his groups, one by one. */
  List<UsedRights.Right> ownRights(String name) {
    var user = new User(name, "", List.of(), Map.of());
    return Stream.concat(
            store.list(CLUSTER_ROLE_BINDINGS, "").objects().stream(),
            store.list(ROLE_BINDINGS, "").objects().stream())
        .filter(binding -> names(binding, user))
        .flatMap(
            binding ->
                rulesOf(binding.at("/roleRef"), binding.namespace())
                    .flatMap(Rule::resourceParts)
                    .map(part -> new UsedRights.Right(binding.namespace(), part)))
        .toList();
  }

  /** The status of a SelfSubjectRulesReview: everything that a user may do in a namespace. */
  public ObjectNode summary(User user, String namespace) {
    var rules =
        user.groups().contains(User.MASTERS)
            ? List.of(Rule.EVERYTHING, Rule.EVERY_PATH)
            : rules(user, namespace);
    var status = Json.object();
    var onResources = status.putArray("resourceRules");
    var onPaths = status.putArray("nonResourceRules");
    for (var rule : rules) {
      (rule.paths().isEmpty() ? onResources : onPaths).add(rule.json());
    }
    return status.put("incomplete", false);
  }

  /** The rules of the role that a binding refers to; none when it does not exist. */
  Stream<Rule> rulesOf(JsonNode roleRef, String namespace) {
    var name = roleRef.path("name").asText();
    var key =
        roleRef.path("kind").asText().equals("Role")
            ? new Key(ROLES, namespace, name)
            : new Key(CLUSTER_ROLES, "", name);
    return store.get(key).stream().flatMap(role -> rulesIn(key, role).stream());
  }

  private List<Rule> rulesIn(Key key, ApiObject role) {
    var version = role.resourceVersion();
    return parsed
        .compute(
            key,
            (_, known) ->
                known != null && known.version().equals(version)
                    ? known
                    : new Parsed(version, Rule.all(role.at("/rules"))))
        .rules();
  }

  private static boolean names(ApiObject binding, User user) {
    for (var subject : binding.json().path("subjects")) {
      var name = subject.path("name").asText();
      boolean matches =
          switch (subject.path("kind").asText()) {
            case "User" -> user.name().equals(name);
            case "Group" -> user.groups().contains(name);
            case "ServiceAccount" ->
                user.name()
                    .equals(
                        "system:serviceaccount:" + accountNamespace(subject, binding) + ":" + name);
            default -> false;
          };
      if (matches) {
        return true;
      }
    }
    return false;
  }

  private static String accountNamespace(JsonNode subject, ApiObject binding) {
    return subject.path("namespace").asText(binding.namespace());
  }
}
