package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the controller and gitd found; fields of one are never written by the other. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RemoteStatus(
    @JsonPropertyDescription("The URL to give to git remote add.") @Nullable String remoteUrl,
    @JsonPropertyDescription("Why there is no URL yet, or what it needs.")
        @Nullable String remoteUrlDesc,
    @JsonPropertyDescription("The line to append to known_hosts.") @Nullable String knownHosts,
    @JsonPropertyDescription("The generation of the spec that this status speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription(
            "Written by the controller: Ready, and its parts KeysAccepted, RegistryReady, TargetsFound, ImagesCurrent, BuildInputsFound, HooksReady, ManifestsAllowed, Supported, GitdAvailable.")
        @Nullable List<Condition> conditions,
    @JsonPropertyDescription("Written by the controller: where front finds this Remote's gitd.")
        @Nullable GitdEndpoint gitd,
    @JsonPropertyDescription("Written by gitd after every push.") @Nullable LastPush lastPush,
    @JsonPropertyDescription(
            "Written by gitd: the objects that pushes have applied from manifests and that still exist.")
        @Nullable List<AppliedObject> inventory,
    @JsonPropertyDescription("Written by the controller: how many gitds answer, none or one.")
        @StatusReplicas
        @Nullable Integer replicas) {}
