package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** All keys of a Secret or ConfigMap as build arguments, as in the envFrom of a container. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record BuildArgsFrom(
    @JsonPropertyDescription("Put before each key to make the name of the ARG.")
        @Nullable String prefix,
    @JsonPropertyDescription("A Secret in the namespace of the Remote.") @Nullable Ref secretRef,
    @JsonPropertyDescription("A ConfigMap in the namespace of the Remote.")
        @Nullable Ref configMapRef) {

  /** A whole object. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Ref(
      @JsonPropertyDescription("Name of the object.") @Nullable String name,
      @JsonPropertyDescription(
              "Whether a build does without it when it is missing; otherwise pushes are refused until it is there.")
          @Nullable Boolean optional) {}
}
