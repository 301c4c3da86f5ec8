/** What a Remote refers to: Secrets and Deployments that others own. */
@NullMarked
package dev.slipway.controller.resolve;

import org.jspecify.annotations.NullMarked;
