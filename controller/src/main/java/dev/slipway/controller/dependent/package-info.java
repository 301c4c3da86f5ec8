/** Brings what should exist into the cluster. */
@NullMarked
package dev.slipway.controller.dependent;

import org.jspecify.annotations.NullMarked;
