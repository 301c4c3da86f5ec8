package dev.slipway.hooks.plan;

import dev.slipway.crd.gitd.Target.BuildArg;
import dev.slipway.hooks.context.ContextSource;
import java.util.List;

/**
 * One image to build, and where it goes.
 *
 * @param deployment that gets the image
 * @param container in its pod template
 * @param label what the push's output calls it: the container, with its Deployment where that alone
 *     would be ambiguous
 * @param image name and tag, without a digest
 * @param buildArgs passed verbatim
 */
public record ImageBuild(
    String deployment,
    String container,
    String label,
    String image,
    ContextSource source,
    List<BuildArg> buildArgs,
    boolean noCache) {}
