package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How images are built. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Builder(
    @JsonPropertyDescription("Image of Kaniko; the controller's default when empty.")
        @Nullable String image,
    @JsonPropertyDescription(
            "Resources of the container that builds, and of the one that pushes where isolatePush is true.")
        @Nullable Resources resources,
    @JsonPropertyDescription("Seconds until a build is given up.")
        @Min(1) @Max(86400) @Default("1800")
        @Nullable Integer timeoutSeconds,
    @JsonPropertyDescription("Labels of the nodes that builds may run on.")
        @Nullable Map<String, String> nodeSelector,
    @JsonPropertyDescription("How many images of one push are built at the same time.")
        @Min(1) @Max(64) @Default("4")
        @Nullable Integer parallelism,
    @JsonPropertyDescription(
            "Whether the credentials of the registry stay out of reach of the steps of a Dockerfile: the builder only builds, and another container of its pod pushes. Base images are then pulled without a login.")
        @Nullable Boolean isolatePush,
    @JsonPropertyDescription(
            "Layers that builds take over from earlier ones. None where isolatePush is true, since the builder has no login then.")
        @Nullable LayerCache cache) {

  /** A builder of which nothing is said. */
  public static Builder empty() {
    return new Builder(null, null, null, null, null, null, null);
  }
}
