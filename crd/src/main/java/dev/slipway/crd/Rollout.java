package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** How a rollout is awaited, and what happens when it fails. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Rollout(
    @JsonPropertyDescription("Seconds until a rollout that is not healthy has failed.")
        @Min(1) @Max(86400) @Default("300")
        @Nullable Integer timeoutSeconds,
    @JsonPropertyDescription(
            "Restore puts back what ran before; Keep leaves the failed rollout for inspection. The push is rejected in both cases.")
        @Default("Restore")
        @Nullable OnFailure onFailure) {

  /** What happens to the targets of a failed rollout. */
  public enum OnFailure {
    Restore,
    Keep
  }
}
