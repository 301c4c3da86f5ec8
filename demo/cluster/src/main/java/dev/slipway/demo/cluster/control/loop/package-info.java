/** How a controller works: informers, keys to look at, events, ownership. */
@NullMarked
package dev.slipway.demo.cluster.control.loop;

import org.jspecify.annotations.NullMarked;
