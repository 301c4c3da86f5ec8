package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** An object of the Remote's namespace that a push has applied. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record AppliedObject(
    @JsonPropertyDescription("As in the manifest, for example apps/v1.")
        @Nullable String apiVersion,
    @JsonPropertyDescription("For example Deployment.") @Nullable String kind,
    @JsonPropertyDescription("Its name.") @Nullable String name) {}
