package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** One key of a Secret or ConfigMap. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record KeyRef(
    @JsonPropertyDescription("Name of the object.") @Nullable String name,
    @JsonPropertyDescription("The key in its data.") @Nullable String key,
    @JsonPropertyDescription(
            "Whether a build or hook does without it when the object or the key is missing; otherwise pushes are refused until it is there.")
        @Nullable Boolean optional) {}
