/** The configuration that the controller publishes, watched. */
@NullMarked
package dev.slipway.gitd.config;

import org.jspecify.annotations.NullMarked;
