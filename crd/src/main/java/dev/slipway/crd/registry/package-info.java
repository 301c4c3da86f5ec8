/**
 * What names of images and the Secrets for registries say; shared by controller, gitd and builds.
 */
@NullMarked
package dev.slipway.crd.registry;

import org.jspecify.annotations.NullMarked;
