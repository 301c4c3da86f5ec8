package dev.slipway.crd.gitd;

import dev.slipway.crd.WorkloadKind;

/**
 * An object in the Remote's namespace that makes pods.
 *
 * @param name of the object
 */
public record Workload(WorkloadKind kind, String name) {

  /** A Deployment. */
  public static Workload deployment(String name) {
    return new Workload(WorkloadKind.Deployment, name);
  }

  /** For example {@code deployment/web}, as kubectl takes it. */
  public String reference() {
    return kind.singular() + "/" + name;
  }

  /** For example {@code Deployment web}, for a sentence. */
  public String title() {
    return kind + " " + name;
  }
}
