package dev.slipway.hooks.kube;

/**
 * What the API server said instead of making a pod.
 *
 * @param message Kubernetes' own, one line
 */
public record PodRefusal(String message) {

  /** Whether it may pass by itself: what others use of a quota they may give back. */
  public boolean mayPass() {
    return message.contains("exceeded quota");
  }

  /**
   * What to do about it, as a part of a sentence.
   *
   * @param resources where those of the pod are set, for example {@code spec.builder.resources of
   *     the Remote}
   */
  public String advice(String resources) {
    if (mayPass()) {
      return "raise the quota, or lower " + resources;
    }
    if (message.contains("failed quota")) {
      return "give the namespace a LimitRange with defaults for what the quota counts";
    }
    if (message.contains("violates PodSecurity")) {
      return "relax the Pod Security level of the namespace";
    }
    if (message.contains("service account") || message.contains("serviceaccount")) {
      return "create the ServiceAccount, then push again";
    }
    if (message.contains(" usage per ") || message.contains("limit to request ratio per ")) {
      return "change " + resources + ", or the LimitRange";
    }
    return "what refuses it has to let it through";
  }
}
