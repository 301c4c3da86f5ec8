/**
 * The contract: {@code Remote} as its users write it, and the document that the controller derives
 * from it for gitd. No I/O.
 */
@NullMarked
package dev.slipway.crd;

import org.jspecify.annotations.NullMarked;
