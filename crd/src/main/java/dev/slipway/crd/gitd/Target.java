package dev.slipway.crd.gitd;

import java.util.List;

/**
 * One Deployment whose containers get images built from a push.
 *
 * @param deployment its name
 * @param containers never empty
 */
public record Target(String deployment, List<Container> containers) {

  /**
   * One container and its build.
   *
   * @param name name of the container in the pod template
   * @param path build context as the author wrote it; a {@link dev.slipway.crd.RepositoryPath} when
   *     it is valid
   * @param dockerfile path from the root of the repository as the author wrote it, or the
   *     Dockerfile in {@code path} when nothing was written
   * @param buildArgs passed verbatim
   */
  public record Container(
      String name, String path, String dockerfile, List<BuildArg> buildArgs, boolean noCache) {}

  /** One build argument. */
  public record BuildArg(String name, String value) {}
}
