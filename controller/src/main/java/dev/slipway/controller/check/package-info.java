/** What a Remote means, normalised, and everything that is wrong with it. Pure. */
@NullMarked
package dev.slipway.controller.check;

import org.jspecify.annotations.NullMarked;
