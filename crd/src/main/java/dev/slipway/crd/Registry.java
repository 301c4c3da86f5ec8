package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** The image registry that builds push to. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Registry(
    @JsonPropertyDescription(
            "Prefix of every image name, for example docker.io/user, gcr.io/project or registry.example:5000.")
        @Nullable String url,
    @JsonPropertyDescription("What to log in with.") @Nullable Credentials credentials,
    @JsonPropertyDescription(
            "Whether the registry is spoken to over plain HTTP or with a certificate nobody signed.")
        @Nullable Boolean insecure) {}
