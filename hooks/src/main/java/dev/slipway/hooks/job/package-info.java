/**
 * Runs one Job of a push to its end and tells how it went; what the Job is for it does not know.
 */
@NullMarked
package dev.slipway.hooks.job;

import org.jspecify.annotations.NullMarked;
