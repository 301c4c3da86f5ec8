package dev.slipway.demo.cluster.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.api.auth.User;
import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.storage.Key;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.schema.ResourceName;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/** What is there before the first request: namespaces, and the rights that everybody has. */
final class FirstObjects {
  private static final String RBAC = "rbac.authorization.k8s.io";

  private final Store store;
  private final Clock clock;

  FirstObjects(Store store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  void create() {
    for (var name : List.of("default", "kube-system", "kube-public", "kube-node-lease")) {
      namespace(name);
    }
    onEverything(clusterRole("cluster-admin"));
    bind("cluster-admin", User.MASTERS);

    paths(
        clusterRole("system:discovery"),
        "/api",
        "/api/*",
        "/apis",
        "/apis/*",
        "/healthz",
        "/livez",
        "/openapi",
        "/openapi/*",
        "/readyz",
        "/version",
        "/version/");
    bind("system:discovery", User.AUTHENTICATED);

    reviews(clusterRole("system:basic-user"));
    bind("system:basic-user", User.AUTHENTICATED);

    paths(
        clusterRole("system:public-info-viewer"),
        "/healthz",
        "/livez",
        "/readyz",
        "/version",
        "/version/");
    bind("system:public-info-viewer", User.AUTHENTICATED, "system:unauthenticated");
  }

  private void namespace(String name) {
    var namespace = ApiObject.named("v1", "Namespace", "", name);
    namespace.metadata().putObject("labels").put("kubernetes.io/metadata.name", name);
    namespace.json().putObject("spec").putArray("finalizers").add("kubernetes");
    namespace.json().putObject("status").put("phase", "Active");
    put(new ResourceName("", "namespaces"), namespace);
  }

  private static ApiObject clusterRole(String name) {
    return ApiObject.named(RBAC + "/v1", "ClusterRole", "", name);
  }

  private void onEverything(ApiObject role) {
    var rules = role.json().putArray("rules");
    var everything = rules.addObject();
    everything.putArray("apiGroups").add("*");
    everything.putArray("resources").add("*");
    everything.putArray("verbs").add("*");
    var everywhere = rules.addObject();
    everywhere.putArray("nonResourceURLs").add("*");
    everywhere.putArray("verbs").add("*");
    put(new ResourceName(RBAC, "clusterroles"), role);
  }

  private void paths(ApiObject role, String... paths) {
    var rule = role.json().putArray("rules").addObject();
    var urls = rule.putArray("nonResourceURLs");
    List.of(paths).forEach(urls::add);
    rule.putArray("verbs").add("get");
    put(new ResourceName(RBAC, "clusterroles"), role);
  }

  private void reviews(ApiObject role) {
    var rules = role.json().putArray("rules");
    review(
        rules.addObject(),
        "authorization.k8s.io",
        "selfsubjectaccessreviews",
        "selfsubjectrulesreviews");
    review(rules.addObject(), "authentication.k8s.io", "selfsubjectreviews");
    put(new ResourceName(RBAC, "clusterroles"), role);
  }

  private static void review(ObjectNode rule, String group, String... resources) {
    rule.putArray("apiGroups").add(group);
    var names = rule.putArray("resources");
    List.of(resources).forEach(names::add);
    rule.putArray("verbs").add("create");
  }

  private void bind(String role, String... groups) {
    var binding = ApiObject.named(RBAC + "/v1", "ClusterRoleBinding", "", role);
    binding
        .json()
        .putObject("roleRef")
        .put("apiGroup", RBAC)
        .put("kind", "ClusterRole")
        .put("name", role);
    var subjects = binding.json().putArray("subjects");
    for (var group : groups) {
      subjects.addObject().put("apiGroup", RBAC).put("kind", "Group").put("name", group);
    }
    put(new ResourceName(RBAC, "clusterrolebindings"), binding);
  }

  private void put(ResourceName resource, ApiObject object) {
    object
        .metadata()
        .put("uid", UUID.randomUUID().toString())
        .put("creationTimestamp", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    store.put(new Key(resource, object.namespace(), object.name()), object);
  }
}
