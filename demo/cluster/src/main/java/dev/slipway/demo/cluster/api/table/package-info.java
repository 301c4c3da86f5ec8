/** Tables as kubectl get prints them. */
@NullMarked
package dev.slipway.demo.cluster.api.table;

import org.jspecify.annotations.NullMarked;
