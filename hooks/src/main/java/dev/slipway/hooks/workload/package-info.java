/** The kinds of workloads that a push can change, and in what they differ. */
@NullMarked
package dev.slipway.hooks.workload;

import org.jspecify.annotations.NullMarked;
