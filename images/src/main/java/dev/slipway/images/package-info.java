/** Makes the images of controller and gitd, without a Docker daemon. */
@NullMarked
package dev.slipway.images;

import org.jspecify.annotations.NullMarked;
