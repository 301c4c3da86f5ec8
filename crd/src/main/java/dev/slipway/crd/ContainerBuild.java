package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One container of a target and how its image is built. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ContainerBuild(
    @JsonPropertyDescription("Name of the container in the pod template.") @Nullable String name,
    @JsonPropertyDescription("Build context: a folder in the repository, the root when empty.")
        @Nullable String path,
    @JsonPropertyDescription(
            "Path of the Dockerfile from the root of the repository; Dockerfile in path when empty.")
        @Nullable String dockerfile,
    @JsonPropertyDescription("Build arguments, passed verbatim.")
        @Nullable List<BuildArg> buildArgs,
    @JsonPropertyDescription("Build every step anew.") @Nullable Boolean noCache) {}
