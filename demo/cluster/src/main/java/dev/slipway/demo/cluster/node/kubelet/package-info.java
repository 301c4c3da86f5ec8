/** The node's HTTPS port, by which the API server gets the logs of containers. */
@NullMarked
package dev.slipway.demo.cluster.node.kubelet;

import org.jspecify.annotations.NullMarked;
