package dev.slipway.controller;

import dev.slipway.controller.model.Defaults;
import dev.slipway.crd.Registry;
import java.util.Optional;
import java.util.Set;

/**
 * What the controller is started with.
 *
 * @param healthPort 0 for any free port
 * @param watchNamespaces empty for all
 * @param front empty where there is none
 * @param lease what controllers hold in turn; empty where there is never more than one
 * @param collector where gitds send traces; empty for nowhere
 * @param defaultRegistry for Remotes that name none
 */
record ControllerConfig(
    Defaults defaults,
    int healthPort,
    Set<String> watchNamespaces,
    Optional<FrontSettings> front,
    Optional<LeaseSettings> lease,
    Optional<String> collector,
    Optional<Registry> defaultRegistry) {
  ControllerConfig {
    watchNamespaces = Set.copyOf(watchNamespaces);
  }
}
