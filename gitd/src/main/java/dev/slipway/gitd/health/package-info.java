/** Liveness, readiness and metrics over HTTP. */
@NullMarked
package dev.slipway.gitd.health;

import org.jspecify.annotations.NullMarked;
