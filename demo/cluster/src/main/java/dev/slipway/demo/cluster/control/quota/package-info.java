/** Quotas: what pods use of them. */
@NullMarked
package dev.slipway.demo.cluster.control.quota;

import org.jspecify.annotations.NullMarked;
