/** Runs the fuzz tests of all modules within {@code make test}. */
@NullMarked
package dev.slipway.fuzz;

import org.jspecify.annotations.NullMarked;
