package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** The image registry that builds push to. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Registry(
    @JsonPropertyDescription(
            "Prefix of every image name, for example docker.io/user, gcr.io/project or registry.example:5000.")
        @Nullable String url,
    @JsonPropertyDescription(
            "The same registry as the nodes of the cluster know it, when that is another name: what images are called on workloads.")
        @Nullable String pullUrl,
    @JsonPropertyDescription("What to log in with.") @Nullable Credentials credentials,
    @JsonPropertyDescription(
            "Name of a Secret that nodes log in with: every workload that gets an image gets it among its imagePullSecrets as well.")
        @Nullable String pullSecretRef,
    @JsonPropertyDescription(
            "The certificate, in PEM, of the private CA that vouches for the registry.")
        BuildArg.@Nullable ValueFrom caFrom,
    @JsonPropertyDescription(
            "Whether the registry is spoken to over plain HTTP or with a certificate nobody signed.")
        @Nullable Boolean insecure) {

  /** A registry of which nothing but its address is said. */
  public static Registry at(String url) {
    return new Registry(url, null, null, null, null, null);
  }
}
