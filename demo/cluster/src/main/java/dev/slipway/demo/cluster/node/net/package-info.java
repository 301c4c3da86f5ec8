/** The pods' network and the Services' addresses on the host. */
@NullMarked
package dev.slipway.demo.cluster.node.net;

import org.jspecify.annotations.NullMarked;
