/** The embedded Kubernetes API server: what is wired together and which requests go where. */
@NullMarked
package dev.slipway.demo.cluster.api;

import org.jspecify.annotations.NullMarked;
