package dev.slipway.crd.gitd;

import dev.slipway.crd.Hook.When;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program that a push runs as a Job.
 *
 * @param name a DNS label
 * @param image that it runs in; null when it is {@code imageFrom}
 * @param imageFrom the container whose image, as this push has built it, is run; null when it is
 *     {@code image}
 * @param command instead of the image's entrypoint; empty for that one
 * @param args instead of the image's CMD; empty for that one
 * @param branches patterns of the branches that run it; empty for all that deploy
 * @param source whether it finds the files of the commit
 * @param runAsUser null for the user of the image
 * @param missing sentences about what it needs and the cluster does not have; a push that would run
 *     it is refused with them
 */
public record HookSettings(
    String name,
    When when,
    @Nullable String image,
    @Nullable Place imageFrom,
    List<String> command,
    List<String> args,
    List<Target.BuildArg> env,
    List<String> branches,
    boolean source,
    int timeoutSeconds,
    ResourceRequirements resources,
    @Nullable Long runAsUser,
    boolean restricted,
    List<String> missing) {}
