package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import org.jspecify.annotations.Nullable;

/** How a Helm chart in the repository is rendered. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Helm(
    @JsonPropertyDescription("Name of the release, which templates know as .Release.Name.")
        @Nullable String release,
    @PreserveUnknownFields
        @JsonPropertyDescription("Values: a list of name and value, or one such map.")
        @Nullable JsonNode values) {

  public Helm {
    // Jackson reads an explicit null as a NullNode.
    if (values != null && values.isNull()) {
      values = null;
    }
  }
}
