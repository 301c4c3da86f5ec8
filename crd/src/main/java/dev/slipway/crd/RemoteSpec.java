package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the author of a Remote asks for, as written: every field may be absent, null or empty, since
 * Gitkube's CRD had no schema and such files are in use.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RemoteSpec(
    @JsonPropertyDescription(
            "Who may push and fetch: OpenSSH public keys, one or several lines in each item. The options from, expiry-time and read-only are honoured. A line that is no key is named in the condition KeysAccepted and left out.")
        @Nullable List<@Nullable String> authorizedKeys,
    @JsonPropertyDescription(
            "Further keys, from Secrets and ConfigMaps; what changes there is in force within a second.")
        @Nullable List<KeysFrom> authorizedKeysFrom,
    @JsonPropertyDescription(
            "Where built images are pushed to; the default registry of the controller when nothing is given.")
        @Nullable Registry registry,
    @JsonPropertyDescription(
            "Kubernetes manifests or a Helm chart in the repository, applied after the builds.")
        @Nullable Manifests manifests,
    @JsonPropertyDescription(
            "The workloads whose images are built from the repository: Deployments, or of another kind.")
        @Size(max = 100) @ValidationRule(
            value =
                "self.all(a, !has(a.name) || a.name == '' || self.exists_one(b, has(b.name) && b.name == a.name && b.kind == a.kind))",
            message = "each kind and name stands there once: put its containers together")
        @Nullable List<DeploymentTarget> deployments,
    @JsonPropertyDescription(
            "The branches whose pushes are deployed, by name or by pattern: * stands for a part without a slash, ** for any part. master and main when nothing is given. Other branches are stored and not deployed.")
        @Nullable List<String> branches,
    @JsonPropertyDescription(
            "Programs that a push runs before and after it builds and deploys, as Jobs; the exit code of each decides whether the push goes on.")
        @Size(max = 50) @ValidationRule(
            value = "self.all(a, self.exists_one(b, b.name == a.name))",
            message = "each hook has a name of its own")
        @Nullable List<Hook> hooks,
    @JsonPropertyDescription("How a rollout is awaited, and what happens when it fails.")
        @Nullable Rollout rollout,
    @JsonPropertyDescription("How images are built.") @Nullable Builder builder,
    @JsonPropertyDescription(
            "The Service through which git reaches this Remote. With a host, or another type than ClusterIP, it is a way in of the Remote's own, beside front.")
        @Nullable ServiceSettings service,
    @JsonPropertyDescription(
            "The volume that holds the repository; its size and class are fixed once it is made.")
        @Nullable Storage storage,
    @JsonPropertyDescription(
            "How long nobody pushes or fetches until gitd sleeps, in seconds; 0 for never. Only where front wakes it again: for a Remote without a way in of its own. What the controller was started with when absent.")
        @Min(0) @Nullable Integer sleepAfterSeconds,
    @JsonPropertyDescription(
            "0 while gitd sleeps: gitd sets it when nobody has used it for a while, front sets 1 when somebody comes. Nobody else has to write it.")
        @SpecReplicas
        @Min(0) @Max(1) @Default("1")
        @Nullable Integer replicas) {

  /** A spec in which nothing is set. */
  public static RemoteSpec empty() {
    return new RemoteSpec(
        null, null, null, null, null, null, null, null, null, null, null, null, null);
  }
}
