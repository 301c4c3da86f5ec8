package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** A Secret by name; the key is accepted for Gitkube's sake and ignored. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record SecretKeyRef(
    @JsonPropertyDescription("Name of the Secret.") @Nullable String name,
    @JsonPropertyDescription("Ignored: the type of the Secret decides.") @Nullable String key) {}
