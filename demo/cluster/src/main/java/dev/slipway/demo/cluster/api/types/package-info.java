/** The table of kinds: what exists, and what sets one kind apart from another. */
@NullMarked
package dev.slipway.demo.cluster.api.types;

import org.jspecify.annotations.NullMarked;
