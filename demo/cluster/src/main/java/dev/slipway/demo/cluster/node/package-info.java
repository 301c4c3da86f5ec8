/** The cluster's node: runs the pods that the API assigns to it. */
@NullMarked
package dev.slipway.demo.cluster.node;

import org.jspecify.annotations.NullMarked;
