package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Kubernetes manifests that live in the repository. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Manifests(
    @JsonPropertyDescription(
            "Folder in the repository: a Helm chart if it holds Chart.yaml, else plain manifests. Nothing is applied when empty.")
        @Nullable String path,
    @JsonPropertyDescription("How a Helm chart is rendered.") @Nullable Helm helm,
    @JsonPropertyDescription(
            "ServiceAccount of this namespace whose rights a push applies manifests with; <remote>-manifests when empty. It must exist, and gitd must have been given the right to act as it.")
        @Nullable String serviceAccountName,
    @JsonPropertyDescription(
            "Delete what an earlier push has applied and the pushed commit no longer holds.")
        @Nullable Boolean prune,
    @JsonPropertyDescription(
            "Take over fields that another field manager owns with another value, instead of rejecting the push.")
        @Nullable Boolean forceConflicts) {}
