package dev.slipway.demo.cluster.api.auth;

import java.util.List;
import java.util.Map;

/**
 * Who is asking, as far as the server has verified it.
 *
 * @param extra further facts, such as the pod that a token was made for
 */
public record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
  public static final String AUTHENTICATED = "system:authenticated";
  public static final String MASTERS = "system:masters";
  public static final String SERVICE_ACCOUNTS = "system:serviceaccounts";
  public static final User ANONYMOUS =
      new User("system:anonymous", "", List.of("system:unauthenticated"), Map.of());

  /** The user that a ServiceAccount is. */
  public static User serviceAccount(
      String namespace, String name, String uid, Map<String, List<String>> extra) {
    return new User(
        "system:serviceaccount:" + namespace + ":" + name,
        uid,
        List.of(SERVICE_ACCOUNTS, "system:serviceaccounts:" + namespace, AUTHENTICATED),
        extra);
  }
}
