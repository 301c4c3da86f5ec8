/**
 * How one write request turns the stored object into the next one: the four patch types, ownership
 * of fields, and the steps around them. Pure functions over Jackson trees.
 */
@NullMarked
package dev.slipway.demo.cluster.patch;

import org.jspecify.annotations.NullMarked;
