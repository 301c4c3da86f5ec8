/** Decides what a push asks for before anything is launched. */
@NullMarked
package dev.slipway.hooks.plan;

import org.jspecify.annotations.NullMarked;
