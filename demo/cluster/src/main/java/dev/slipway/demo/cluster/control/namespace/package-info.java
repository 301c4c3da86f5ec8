/** What every namespace is given: a ServiceAccount and the cluster's certificate. */
@NullMarked
package dev.slipway.demo.cluster.control.namespace;

import org.jspecify.annotations.NullMarked;
