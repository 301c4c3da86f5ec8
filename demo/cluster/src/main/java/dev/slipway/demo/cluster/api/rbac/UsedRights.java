package dev.slipway.demo.cluster.api.rbac;

import dev.slipway.demo.cluster.api.auth.User;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers what ServiceAccounts were allowed to do because of their Roles, and tells which of
 * their rights nothing has needed.
 */
public final class UsedRights {
  private final Authorizer authorizer;
  private final Set<Use> uses = ConcurrentHashMap.newKeySet();

  UsedRights(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  private record Use(String user, Action.OnResource action) {}

  /**
   * One verb on one resource, of one name where the Role says names.
   *
   * @param namespace in which it is good, empty for all
   */
  record Right(String namespace, Rule rule) {
    private boolean covers(Use use) {
      return (namespace.isEmpty() || namespace.equals(use.action().namespace()))
          && rule.allows(use.action());
    }
  }

  void note(User user, Action.OnResource action) {
    if (user.groups().contains(User.SERVICE_ACCOUNTS)) {
      uses.add(new Use(user.name(), action));
    }
  }

  /**
   * The rights, as rules of a Role, without which everything that was allowed so far would have
   * been allowed as well. Of two that say the same, both are among them.
   */
  public List<String> unneeded(String namespace, String serviceAccount) {
    var name = User.serviceAccount(namespace, serviceAccount, "", Map.of()).name();
    var rights = authorizer.ownRights(name);
    var needed = ConcurrentHashMap.<Right>newKeySet();
    for (var use : uses) {
      if (use.user().equals(name)) {
        var covering = rights.stream().filter(right -> right.covers(use)).toList();
        if (covering.size() == 1) {
          needed.add(covering.getFirst());
        }
      }
    }
    return rights.stream()
        .filter(right -> !needed.contains(right))
        .map(right -> right.rule().described())
        .toList();
  }
}
