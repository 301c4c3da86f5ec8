package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One container of a target and how its image is built. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ContainerBuild(
    @JsonPropertyDescription("Name of the container or init container in the pod template.")
        @Nullable String name,
    @JsonPropertyDescription(
            "Builds nothing and takes the image that is built for another container of this Remote; only name may stand beside it.")
        @Nullable ImageFrom imageFrom,
    @JsonPropertyDescription("Build context: a folder in the repository, the root when empty.")
        @Nullable String path,
    @JsonPropertyDescription(
            "Path of the Dockerfile from the root of the repository; Dockerfile in path when empty.")
        @Nullable String dockerfile,
    @JsonPropertyDescription("Stage of the Dockerfile that is the image; the last one when empty.")
        @Nullable String target,
    @JsonPropertyDescription("Build arguments, passed verbatim; each wins over buildArgsFrom.")
        @Nullable List<BuildArg> buildArgs,
    @JsonPropertyDescription(
            "Secrets and ConfigMaps whose keys are all build arguments; of the same name the last one wins.")
        @Nullable List<BuildArgsFrom> buildArgsFrom,
    @JsonPropertyDescription(
            "Files for RUN --mount=type=secret, out of Secrets. Needs a builder that knows --secret: Kaniko's fork at osscontainertools from 1.26.3 on.")
        @Nullable List<BuildSecret> buildSecrets,
    @JsonPropertyDescription("Builds the image in every push, and every step of it anew.")
        @Nullable Boolean noCache,
    @JsonPropertyDescription(
            "false builds and pushes the image and sets it on no container of this name: workload and container need not exist then and only name the image.")
        @Nullable Boolean deploy) {}
