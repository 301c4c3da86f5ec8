/** Receiving a push: limits, the hook around the move of refs, the pusher's terminal. */
@NullMarked
package dev.slipway.gitd.receive;

import org.jspecify.annotations.NullMarked;
