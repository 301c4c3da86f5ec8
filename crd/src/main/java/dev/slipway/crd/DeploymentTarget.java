package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One workload and the containers in it that are built from the repository. */
@ValidationRule(
    value = "!has(self.kind) || self.kind in ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob']",
    message =
        "kind is Deployment, StatefulSet, DaemonSet or CronJob. A Job cannot change its image: use a CronJob, whose jobs each take the newest one")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record DeploymentTarget(
    @JsonPropertyDescription("Deployment, StatefulSet, DaemonSet or CronJob.")
        @Default("Deployment")
        @Size(max = 32) @Nullable String kind,
    @JsonPropertyDescription("Name of the workload, in the namespace of the Remote.")
        @Size(max = 253) @Nullable String name,
    @JsonPropertyDescription(
            "The branches that deploy it, as in spec.branches, which hold when nothing is given. An image that another container takes goes wherever the one does for which it is built.")
        @Nullable List<String> branches,
    @JsonPropertyDescription("The containers to build.")
        @Nullable List<ContainerBuild> containers) {}
