package dev.slipway.demo.cluster.schema;

/**
 * What objects are stored under, whatever version they are read in.
 *
 * @param group empty for the core group
 * @param plural lower case, such as {@code deployments}
 */
public record ResourceName(String group, String plural) {
  /** As error messages name it: {@code deployments.apps}, {@code pods}. */
  @Override
  public String toString() {
    return group.isEmpty() ? plural : plural + "." + group;
  }
}
