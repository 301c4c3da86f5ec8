package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Public keys that stand in a Secret or ConfigMap, one or several lines under each key. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record KeysFrom(
    @JsonPropertyDescription("A Secret in the namespace of the Remote.") @Nullable Ref secretRef,
    @JsonPropertyDescription("A ConfigMap in the namespace of the Remote.")
        @Nullable Ref configMapRef,
    @JsonPropertyDescription("Whether these keys may fetch and clone, and not push.")
        @Nullable Boolean readOnly) {

  /** An object, or a part of it. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Ref(
      @JsonPropertyDescription("Name of the object.") @Nullable String name,
      @JsonPropertyDescription("The key in its data; all of them when nothing is given.")
          @Nullable String key) {}
}
