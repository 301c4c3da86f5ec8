/** The scheduler: which node a pod runs on, or why on none. */
@NullMarked
package dev.slipway.demo.cluster.control.schedule;

import org.jspecify.annotations.NullMarked;
