/** Claims on storage and the volumes that answer them. */
@NullMarked
package dev.slipway.demo.cluster.control.volume;

import org.jspecify.annotations.NullMarked;
