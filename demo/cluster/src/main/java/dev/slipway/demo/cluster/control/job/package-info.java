/** Jobs: pods that run to their end, and the verdict on them. */
@NullMarked
package dev.slipway.demo.cluster.control.job;

import org.jspecify.annotations.NullMarked;
