/** Sandboxes and containers on Linux, by unshare, nsenter and runc. */
@NullMarked
package dev.slipway.demo.cluster.node.container;

import org.jspecify.annotations.NullMarked;
