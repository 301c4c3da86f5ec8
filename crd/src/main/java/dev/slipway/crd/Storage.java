package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** The volume that holds the repository, fixed once it is made, and how much a push may fill it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Storage(
    @JsonPropertyDescription("Size of the volume.") @Default("1Gi") @Nullable Quantity size,
    @JsonPropertyDescription("Its storage class; the default class of the cluster when empty.")
        @Nullable String storageClassName,
    @JsonPropertyDescription(
            "The most that one push may send, for example 200Mi; half of size when nothing is given.")
        @Nullable Quantity maxPackSize,
    @JsonPropertyDescription(
            "The largest file that a push may bring, unpacked; a quarter of size when nothing is given.")
        @Nullable Quantity maxFileSize,
    @JsonPropertyDescription(
            "Free space that is kept on the volume: a push that would go below is refused. A twentieth of size when nothing is given.")
        @Nullable Quantity reserve) {

  /** A storage in which nothing is set. */
  public static Storage empty() {
    return new Storage(null, null, null, null, null);
  }
}
