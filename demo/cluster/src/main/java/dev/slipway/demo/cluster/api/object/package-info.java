/** Kubernetes objects as JSON with the accessors that every part of the server needs. */
@NullMarked
package dev.slipway.demo.cluster.api.object;

import org.jspecify.annotations.NullMarked;
