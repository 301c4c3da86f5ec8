package dev.slipway.demo.cluster.api.auth;

import dev.slipway.demo.cluster.api.http.ApiRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whom a request wants to act as, by its {@code Impersonate-} headers ({@code kubectl --as}). */
public final class Impersonation {
  private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

  private Impersonation() {}

  /** Empty when it does not. */
  public static Optional<User> wanted(ApiRequest request) {
    var name = request.header("impersonate-user");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    var groups = new ArrayList<>(request.allHeaders("impersonate-group"));
    if (groups.isEmpty() && name.startsWith(SERVICE_ACCOUNT)) {
      var namespace = name.substring(SERVICE_ACCOUNT.length()).split(":", -1)[0];
      groups.addAll(List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace));
    }
    if (!groups.contains(User.AUTHENTICATED)) {
      groups.add(User.AUTHENTICATED);
    }
    return Optional.of(
        new User(name, request.header("impersonate-uid"), List.copyOf(groups), Map.of()));
  }
}
