/** Deployments and ReplicaSets: how many pods of which template there should be next. */
@NullMarked
package dev.slipway.demo.cluster.control.rollout;

import org.jspecify.annotations.NullMarked;
