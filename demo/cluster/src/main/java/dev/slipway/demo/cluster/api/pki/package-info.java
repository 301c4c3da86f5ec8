/** The cluster's own certificate authority. */
@NullMarked
package dev.slipway.demo.cluster.api.pki;

import org.jspecify.annotations.NullMarked;
