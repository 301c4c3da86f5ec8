package dev.slipway.hooks.plan;

import dev.slipway.crd.gitd.Place;
import dev.slipway.crd.gitd.Target;
import dev.slipway.crd.gitd.Workload;
import dev.slipway.hooks.context.ContextSource;
import java.util.List;
import java.util.Map;

/**
 * One image to build, and where it goes.
 *
 * @param workload that the image is named after
 * @param target the container in its pod template, and what the Remote says about its build
 * @param label what the push's output calls it: the container, with its workload where that alone
 *     would be ambiguous
 * @param image name and tag, without a digest
 * @param pulledAs the same as the nodes of the cluster name it
 * @param imageLabels put on the image, in this order
 */
public record ImageBuild(
    Workload workload,
    Target.Container target,
    String label,
    String image,
    String pulledAs,
    ContextSource.OfBuild source,
    Map<String, String> imageLabels) {

  /** The name of the container. */
  public String container() {
    return target.name();
  }

  /** All digits of the commit, which is the tag. */
  public String commit() {
    return image.substring(image.lastIndexOf(':') + 1);
  }

  /** The name of the image as the nodes know it, without its tag. */
  public String pulledRepository() {
    return pulledAs.substring(0, pulledAs.lastIndexOf(':'));
  }

  /** Where the image is set, if anywhere. */
  public List<Place> places() {
    return target.places(workload);
  }
}
