package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Kubernetes manifests that live in the repository. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Manifests(
    @JsonPropertyDescription(
            "Folder in the repository: a Helm chart if it holds Chart.yaml, else plain manifests.")
        @Nullable String path,
    @JsonPropertyDescription("How a Helm chart is rendered.") @Nullable Helm helm) {}
