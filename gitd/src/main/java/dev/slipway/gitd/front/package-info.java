/**
 * The one SSH entry point of all Remotes: finds the gitd, asks it about keys, passes commands on.
 */
@NullMarked
package dev.slipway.gitd.front;

import org.jspecify.annotations.NullMarked;
