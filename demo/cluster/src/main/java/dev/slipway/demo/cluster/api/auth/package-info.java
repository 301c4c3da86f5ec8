/** Who is asking: tokens, impersonation. */
@NullMarked
package dev.slipway.demo.cluster.api.auth;

import org.jspecify.annotations.NullMarked;
