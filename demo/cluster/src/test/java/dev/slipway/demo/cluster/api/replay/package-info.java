/** Sends recorded requests of a real cluster to the embedded one and compares the answers. */
@NullMarked
package dev.slipway.demo.cluster.api.replay;

import org.jspecify.annotations.NullMarked;
