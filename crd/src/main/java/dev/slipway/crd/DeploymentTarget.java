package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One Deployment and the containers in it that are built from the repository. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeploymentTarget(
    @JsonPropertyDescription("Name of the Deployment, in the namespace of the Remote.")
        @Nullable String name,
    @JsonPropertyDescription("The containers to build.")
        @Nullable List<ContainerBuild> containers) {}
