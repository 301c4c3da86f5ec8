/** What a Remote refers to: Secrets, ConfigMaps and Deployments that others own. */
@NullMarked
package dev.slipway.controller.resolve;

import org.jspecify.annotations.NullMarked;
