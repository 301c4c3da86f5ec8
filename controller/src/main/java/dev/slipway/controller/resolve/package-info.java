/** What a Remote refers to: Secrets, ConfigMaps and workloads that others own. */
@NullMarked
package dev.slipway.controller.resolve;

import org.jspecify.annotations.NullMarked;
