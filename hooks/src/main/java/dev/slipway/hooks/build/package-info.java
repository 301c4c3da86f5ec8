/** Builds one image with one Kaniko Job, and says why when that fails. */
@NullMarked
package dev.slipway.hooks.build;

import org.jspecify.annotations.NullMarked;
