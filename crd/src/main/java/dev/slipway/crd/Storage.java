package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** The volume that holds the repository; fixed once it is made. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Storage(
    @JsonPropertyDescription("Size of the volume.") @Default("1Gi") @Nullable Quantity size,
    @JsonPropertyDescription("Its storage class; the default class of the cluster when empty.")
        @Nullable String storageClassName) {}
