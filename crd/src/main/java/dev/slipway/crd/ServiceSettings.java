package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Service through which git reaches a Remote. */
@ValidationRule(
    value = "!has(self.nodePort) || self.type != 'ClusterIP'",
    message = "nodePort needs type NodePort or LoadBalancer")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ServiceSettings(
    @JsonPropertyDescription("Kind of the Service.") @Default("ClusterIP") @Nullable Type type,
    @JsonPropertyDescription("Port of the Service.") @Min(1) @Max(65535) @Default("22")
        @Nullable Integer port,
    @JsonPropertyDescription("Port on every node, for NodePort; chosen by the cluster when absent.")
        @Min(1) @Max(65535) @Nullable Integer nodePort,
    @JsonPropertyDescription("Host name to print in remoteUrl when the cluster cannot know it.")
        @Nullable String host,
    @JsonPropertyDescription("Annotations of the Service, for cloud load balancers.")
        @Nullable Map<String, String> annotations) {

  /** The kinds of Service that make sense for SSH. */
  public enum Type {
    ClusterIP,
    NodePort,
    LoadBalancer
  }
}
