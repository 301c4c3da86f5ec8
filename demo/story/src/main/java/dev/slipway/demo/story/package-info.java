/** The story as one command. */
@NullMarked
package dev.slipway.demo.story;

import org.jspecify.annotations.NullMarked;
