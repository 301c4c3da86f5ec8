/** What probes and Prometheus ask the controller's process. */
@NullMarked
package dev.slipway.controller.health;

import org.jspecify.annotations.NullMarked;
