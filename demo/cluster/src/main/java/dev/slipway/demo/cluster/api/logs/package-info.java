/** The log subresource of pods. */
@NullMarked
package dev.slipway.demo.cluster.api.logs;

import org.jspecify.annotations.NullMarked;
