/** What a namespace's labels, quotas and limits let into it. */
@NullMarked
package dev.slipway.demo.cluster.api.policy;

import org.jspecify.annotations.NullMarked;
