package dev.slipway.crd.gitd;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One workload for whose containers images are built from a push.
 *
 * @param containers never empty
 * @param branches patterns of the branches that deploy it; empty for those of the Remote
 */
public record Target(Workload workload, List<Container> containers, List<String> branches) {

  /** One that the branches of the Remote deploy. */
  public Target(Workload workload, List<Container> containers) {
    this(workload, containers, List.of());
  }

  /**
   * One container and its build.
   *
   * @param name name of the container in the pod template
   * @param path build context as the author wrote it; a {@link dev.slipway.crd.RepositoryPath} when
   *     it is valid
   * @param dockerfile path from the root of the repository as the author wrote it, or the
   *     Dockerfile in {@code path} when nothing was written
   * @param stage of the Dockerfile that is the image; null for the last one
   * @param buildArgs passed verbatim
   * @param inputsVersion another one whenever a Secret or ConfigMap of the arguments and secrets
   *     changes; empty when there is none
   * @param missing sentences about what the build needs and the cluster does not have; a push is
   *     refused with them
   * @param buildOnly whether the image is not set on this container, which need not exist then
   * @param alsoOn where else the image is set
   */
  public record Container(
      String name,
      String path,
      String dockerfile,
      @Nullable String stage,
      List<BuildArg> buildArgs,
      List<BuildSecret> buildSecrets,
      String inputsVersion,
      List<String> missing,
      boolean noCache,
      boolean buildOnly,
      List<Place> alsoOn) {

    /**
     * Everywhere the image is set.
     *
     * @param own the workload of the container itself
     */
    public List<Place> places(Workload own) {
      return buildOnly
          ? alsoOn
          : Stream.concat(Stream.of(new Place(own, name)), alsoOn.stream()).toList();
    }
  }

  /**
   * One build argument, or one variable of a hook.
   *
   * @param value null when it is taken from {@code valueFrom}
   * @param valueFrom null when {@code value} is given
   */
  public record BuildArg(String name, @Nullable String value, @Nullable Source valueFrom) {

    /** One whose value is no secret. */
    public static BuildArg of(String name, String value) {
      return new BuildArg(name, value, null);
    }

    /** One whose value only the pod gets to know. */
    public static BuildArg from(String name, Source source) {
      return new BuildArg(name, null, source);
    }
  }

  /**
   * A file for the steps of a build.
   *
   * @param id what the Dockerfile calls it, also good as a file name
   * @param secret name of the Secret
   * @param key in the Secret
   */
  public record BuildSecret(String id, String secret, String key) {}

  /** A key of an object that was there when the controller looked. */
  public record Source(Kind kind, String name, String key) {

    /** What the object is. */
    public enum Kind {
      Secret,
      ConfigMap
    }
  }
}
