/** Who may come in: authorized_keys lines and the current set of keys. */
@NullMarked
package dev.slipway.gitd.keys;

import org.jspecify.annotations.NullMarked;
