package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Another container of the same Remote, whose image is used as well. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ImageFrom(
    @JsonPropertyDescription("Kind of the entry that has the container; Deployment when empty.")
        @Nullable String kind,
    @JsonPropertyDescription(
            "Name of the entry that has the container; this entry when empty, in a hook any that builds such a container.")
        @Nullable String name,
    @JsonPropertyDescription("The container that is built.") @Nullable String container) {}
