package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a build or a hook may use. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Resources(
    @JsonPropertyDescription("What is set aside for it, for example cpu: 500m and memory: 512Mi.")
        @Nullable Map<String, Quantity> requests,
    @JsonPropertyDescription("What it may use at most.") @Nullable Map<String, Quantity> limits) {}
