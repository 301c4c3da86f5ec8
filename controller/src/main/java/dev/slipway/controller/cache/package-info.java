/** What the controller remembers of the cluster, which is as little as it needs. */
@NullMarked
package dev.slipway.controller.cache;

import org.jspecify.annotations.NullMarked;
