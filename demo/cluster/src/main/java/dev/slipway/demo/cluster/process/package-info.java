/** What runs beside its caller: programs of the host, by this one door, and threads that wait. */
@NullMarked
package dev.slipway.demo.cluster.process;

import org.jspecify.annotations.NullMarked;
