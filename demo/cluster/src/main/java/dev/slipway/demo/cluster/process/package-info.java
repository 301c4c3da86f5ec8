/** The one door to programs of the host. */
@NullMarked
package dev.slipway.demo.cluster.process;

import org.jspecify.annotations.NullMarked;
