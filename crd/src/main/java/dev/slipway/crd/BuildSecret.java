package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** A file that steps of a build may read and that no layer of the image keeps. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record BuildSecret(
    @JsonPropertyDescription(
            "What the Dockerfile calls it: RUN --mount=type=secret,id=… has it at /run/secrets/<id>.")
        @Nullable String id,
    @JsonPropertyDescription("The key of a Secret, in the namespace of the Remote, that it holds.")
        @Nullable KeyRef secretKeyRef) {}
