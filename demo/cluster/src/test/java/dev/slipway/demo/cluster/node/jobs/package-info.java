/** Jobs on the node, held against those of a real cluster. */
@NullMarked
package dev.slipway.demo.cluster.node.jobs;

import org.jspecify.annotations.NullMarked;
