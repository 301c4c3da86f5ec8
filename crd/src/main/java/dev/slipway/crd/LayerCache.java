package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import org.jspecify.annotations.Nullable;

/** What builds keep for the next ones. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LayerCache(
    @JsonPropertyDescription(
            "Whether layers of RUN steps are kept in the registry. When nothing is given: if the registry says that it takes them.")
        @Nullable Boolean enabled,
    @JsonPropertyDescription(
            "Repository that layers are kept in, with its registry and without a tag; <registry.url>/<namespace>-<name>_cache when empty.")
        @Pattern("^$|^[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)+$") @Nullable String repository,
    @JsonPropertyDescription("Hours until a layer is built again.")
        @Min(1) @Max(87600) @Default("336")
        @Nullable Integer ttlHours) {}
