package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** One build argument. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BuildArg(
    @JsonPropertyDescription("Name of the ARG.") @Nullable String name,
    @JsonPropertyDescription("Its value.") @Nullable String value) {}
