/** Faults as the real clients meet them. */
@NullMarked
package dev.slipway.demo.cluster.api.fault;

import org.jspecify.annotations.NullMarked;
