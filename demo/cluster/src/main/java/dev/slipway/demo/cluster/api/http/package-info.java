/** HTTP on loopback: requests parsed once, answers, and errors as Kubernetes Status objects. */
@NullMarked
package dev.slipway.demo.cluster.api.http;

import org.jspecify.annotations.NullMarked;
