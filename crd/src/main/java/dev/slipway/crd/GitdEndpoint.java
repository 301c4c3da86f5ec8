package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where front finds the gitd of a Remote, and how it recognises it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record GitdEndpoint(
    @JsonPropertyDescription("Name of the Service, in the Remote's namespace.")
        @Nullable String service,
    @JsonPropertyDescription("Port of the Service.") @Nullable Integer port,
    @JsonPropertyDescription("Public host key as one line: type and data.")
        @Nullable String hostKey,
    @JsonPropertyDescription(
            "True once an older Remote had the same user name: only <namespace>_<name> leads here, also after that one is gone.")
        @Nullable Boolean longNameOnly,
    @JsonPropertyDescription(
            "Fingerprints of the keys that wake gitd when it sleeps; absent where it never does.")
        @Nullable List<String> wakingKeys) {}
