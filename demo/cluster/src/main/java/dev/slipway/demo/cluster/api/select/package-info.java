/** Label and field selectors. */
@NullMarked
package dev.slipway.demo.cluster.api.select;

import org.jspecify.annotations.NullMarked;
