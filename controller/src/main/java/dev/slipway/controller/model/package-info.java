/** What should exist in the cluster for a Remote. Pure. */
@NullMarked
package dev.slipway.controller.model;

import org.jspecify.annotations.NullMarked;
