/** What the API server and the kubelet share in how they answer. */
@NullMarked
package dev.slipway.demo.cluster.http;

import org.jspecify.annotations.NullMarked;
