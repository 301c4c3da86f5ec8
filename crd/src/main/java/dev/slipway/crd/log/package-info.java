/** How controller, gitd and front write their logs, so that one query reads all of them. */
@NullMarked
package dev.slipway.crd.log;

import org.jspecify.annotations.NullMarked;
