/** A real kube-apiserver with its etcd, as the API of a cluster. */
@NullMarked
package dev.slipway.demo.cluster.real;

import org.jspecify.annotations.NullMarked;
