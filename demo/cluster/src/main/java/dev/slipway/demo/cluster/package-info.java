/** A small Kubernetes cluster on one machine, for the demo and for tests. */
@NullMarked
package dev.slipway.demo.cluster;

import org.jspecify.annotations.NullMarked;
