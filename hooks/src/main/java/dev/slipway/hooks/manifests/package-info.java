/** Manifests of a commit: read, checked, completed with images, applied, and taken back. */
@NullMarked
package dev.slipway.hooks.manifests;

import org.jspecify.annotations.NullMarked;
