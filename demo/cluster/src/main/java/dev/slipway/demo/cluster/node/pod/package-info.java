/** What a kubelet does for one pod: volumes, environment, containers, probes, status, events. */
@NullMarked
package dev.slipway.demo.cluster.node.pod;

import org.jspecify.annotations.NullMarked;
