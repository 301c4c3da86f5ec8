package dev.slipway.controller;

import dev.slipway.controller.model.Images;
import java.util.Set;

/**
 * What the controller is started with.
 *
 * @param healthPort 0 for any free port
 * @param watchNamespaces empty for all
 */
record ControllerConfig(Images images, int healthPort, Set<String> watchNamespaces) {
  ControllerConfig {
    watchNamespaces = Set.copyOf(watchNamespaces);
  }
}
