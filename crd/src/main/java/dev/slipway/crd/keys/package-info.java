/**
 * Which public keys are let in: one rule for the controller, which reports, and gitd, which acts.
 */
@NullMarked
package dev.slipway.crd.keys;

import org.jspecify.annotations.NullMarked;
