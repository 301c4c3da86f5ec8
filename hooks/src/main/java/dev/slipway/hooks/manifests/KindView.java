package dev.slipway.hooks.manifests;

import java.util.Optional;

/** Looks up which kinds of objects the cluster has. */
@FunctionalInterface
public interface KindView {

  /**
   * What the API says about a kind.
   *
   * @param plural as in a URL and in a Role, for example {@code deployments}
   */
  record Kind(String plural, boolean namespaced) {}

  /** Empty when the cluster has no such kind in this version. */
  Optional<Kind> find(String apiVersion, String kind) throws InterruptedException;
}
