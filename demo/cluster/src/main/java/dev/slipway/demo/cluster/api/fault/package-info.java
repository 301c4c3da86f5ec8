/** Faults on demand: what a test makes go wrong between clients, API and node. */
@NullMarked
package dev.slipway.demo.cluster.api.fault;

import org.jspecify.annotations.NullMarked;
