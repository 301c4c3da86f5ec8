/** What both ends of a connection between the cluster's parts need to trust each other. */
@NullMarked
package dev.slipway.demo.cluster.tls;

import org.jspecify.annotations.NullMarked;
