package dev.slipway.crd.gitd;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * The manifests that a push applies, and as whom.
 *
 * @param path folder in the repository as the author wrote it; a {@link
 *     dev.slipway.crd.RepositoryPath} when it is valid
 * @param release name of the Helm release; null when the Remote gives none
 * @param values for a Helm chart: an object, empty when there are none
 * @param serviceAccount whose rights everything is applied with
 * @param prune whether what the commit no longer holds is deleted
 * @param forceConflicts whether fields of other field managers are taken over
 */
public record ManifestSettings(
    String path,
    @Nullable String release,
    JsonNode values,
    String serviceAccount,
    boolean prune,
    boolean forceConflicts) {}
