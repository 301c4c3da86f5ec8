package dev.slipway.controller.dependent;

import dev.slipway.controller.check.ApiFailure;
import dev.slipway.controller.check.Finding;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
import java.util.Optional;

/**
 * What the cluster has after everything was applied.
 *
 * @param hostKey the public host key as one line, without a comment
 * @param ssh the Service for SSH as the cluster completed it
 * @param gitd the Deployment with its status
 * @param findings what could not be applied
 * @param storageFindings how the volume differs from what the Remote asks for
 */
public record Applied(
    Optional<String> hostKey,
    Optional<Service> ssh,
    Optional<Deployment> gitd,
    List<Finding> findings,
    List<Finding> storageFindings) {

  public Applied {
    findings = List.copyOf(findings);
    storageFindings = List.copyOf(storageFindings);
  }

  /** Whether something is not known, or not there, because the API did not answer as it should. */
  public boolean isIncomplete() {
    return findings.stream().anyMatch(ApiFailure::is);
  }
}
