/** What building and deploying share of Kubernetes. */
@NullMarked
package dev.slipway.hooks.kube;

import org.jspecify.annotations.NullMarked;
