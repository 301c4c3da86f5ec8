package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** The Secret that holds registry credentials; its type decides how it is read. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Credentials(
    @JsonPropertyDescription(
            "Name of a Secret of type kubernetes.io/dockerconfigjson or kubernetes.io/dockercfg. Wins over secretKeyRef.")
        @Nullable String secretRef,
    @JsonPropertyDescription("The same Secret in the longer form that Gitkube also accepted.")
        @Nullable SecretKeyRef secretKeyRef) {}
