/** The SSH and git process of one Remote. */
@NullMarked
package dev.slipway.gitd;

import org.jspecify.annotations.NullMarked;
