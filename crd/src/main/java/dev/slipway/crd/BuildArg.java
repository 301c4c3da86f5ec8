package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** One build argument, or one variable of a hook. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record BuildArg(
    @JsonPropertyDescription("Name of the ARG, or of the variable.") @Nullable String name,
    @JsonPropertyDescription("Its value.") @Nullable String value,
    @JsonPropertyDescription("Where its value is taken from, instead of value.")
        @Nullable ValueFrom valueFrom) {

  /** A key of one object, as in the env of a container. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ValueFrom(
      @JsonPropertyDescription("A key of a Secret in the namespace of the Remote.")
          @Nullable KeyRef secretKeyRef,
      @JsonPropertyDescription("A key of a ConfigMap in the namespace of the Remote.")
          @Nullable KeyRef configMapKeyRef) {}
}
