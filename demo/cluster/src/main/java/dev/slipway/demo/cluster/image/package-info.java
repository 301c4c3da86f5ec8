/**
 * Container images: references, registries, the local store, and programs of the host as images.
 */
@NullMarked
package dev.slipway.demo.cluster.image;

import org.jspecify.annotations.NullMarked;
