package dev.slipway.demo.cluster.api.resource;

/** Gives a new Namespace its finalizer, its phase and the label with its own name. */
public final class NamespaceDefaults implements Admission {
  @Override
  public void admit(Attempt attempt) {
    if (!attempt.type().kind().equals("Namespace") || attempt.before().isPresent()) {
      return;
    }
    var namespace = attempt.object();
    namespace.json().withObjectProperty("spec").putArray("finalizers").add("kubernetes");
    namespace.json().withObjectProperty("status").put("phase", "Active");
    namespace
        .metadata()
        .withObjectProperty("labels")
        .put("kubernetes.io/metadata.name", namespace.name());
  }
}
