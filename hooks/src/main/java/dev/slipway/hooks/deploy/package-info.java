/** Sets images on Deployments and awaits their rollouts: all of them, or none. */
@NullMarked
package dev.slipway.hooks.deploy;

import org.jspecify.annotations.NullMarked;
