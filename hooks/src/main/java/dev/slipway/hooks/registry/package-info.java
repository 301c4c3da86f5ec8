/** Asks the registry whether images may be pushed there, before anything is built. */
@NullMarked
package dev.slipway.hooks.registry;

import org.jspecify.annotations.NullMarked;
