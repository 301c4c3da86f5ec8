/** Runs the hooks that a Remote names, as Jobs whose exit codes decide. */
@NullMarked
package dev.slipway.hooks.custom;

import org.jspecify.annotations.NullMarked;
