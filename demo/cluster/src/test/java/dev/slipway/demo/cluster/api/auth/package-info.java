/** Who is let in, and as whom. */
@NullMarked
package dev.slipway.demo.cluster.api.auth;

import org.jspecify.annotations.NullMarked;
